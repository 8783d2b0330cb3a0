using AgentFlow.Protocol.Hub;
using Microsoft.Extensions.Logging;

namespace AgentFlow.Diagnostics;

/// <summary>
/// The log messages of the runtime (1000) and of approvals (5000). Ids, names and counts only: never a payload, a key, a reason or an exception's message that
/// may quote one.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1000, Level = LogLevel.Information, Message = "The runtime started with {Agents} agents and {People} people.")]
    public static partial void Started(ILogger logger, int agents, int people);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "The runtime stopped.")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Thread {Thread} started with {Contract} and {Members} members.")]
    public static partial void ThreadStarted(ILogger logger, ThreadId thread, string contract, int members);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Debug, Message = "Agent {Agent} joined thread {Thread}.")]
    public static partial void ThreadJoined(ILogger logger, string agent, ThreadId thread);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Debug,
        Message = "Agent {Agent} handled {Contract} at position {Position} of thread {Thread} in {Milliseconds} ms.")]
    public static partial void Handled(ILogger logger, string agent, string contract, long position, ThreadId thread, double milliseconds);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Warning,
        Message = "The handler of {Agent} for {Contract} at position {Position} of thread {Thread} failed with {Error} on try {Attempt}; the next try is in {Pause}.")]
    public static partial void HandlerFailed(
        ILogger logger, string agent, string contract, long position, ThreadId thread, string error, int attempt, TimeSpan pause);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Error,
        Message = "The message {Contract} at position {Position} of thread {Thread} is a dead letter of {Agent} after {Attempts} tries: {Cause}. The thread is parked.")]
    public static partial void DeadLettered(ILogger logger, string agent, string contract, long position, ThreadId thread, int attempts, string cause);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Information, Message = "Thread {Thread} ended as {Outcome}.")]
    public static partial void ThreadEnded(ILogger logger, ThreadId thread, ThreadOutcome outcome);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Warning,
        Message = "Thread {Thread} is parked for {Agent}: contract {Contract} at position {Position} needs newer code.")]
    public static partial void UnknownContract(ILogger logger, string agent, ThreadId thread, string contract, long position);

    [LoggerMessage(EventId = 1009, Level = LogLevel.Warning,
        Message = "The envelope at position {Position} of thread {Thread} was rejected by {Agent}: {Reason}.")]
    public static partial void EnvelopeRejected(ILogger logger, string agent, ThreadId thread, long position, string reason);

    [LoggerMessage(EventId = 1010, Level = LogLevel.Error,
        Message = "The hub's bytes at position {Position} of thread {Thread} do not verify for {Agent}: {Reason}. The thread stops there.")]
    public static partial void ThreadGap(ILogger logger, string agent, ThreadId thread, long position, string reason);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Debug,
        Message = "The hub answered {Status} to an envelope of {Agent} in thread {Thread}; the same bytes are sent again in {Pause}.")]
    public static partial void SendPostponed(ILogger logger, HubStatus status, string agent, ThreadId thread, TimeSpan pause);

    [LoggerMessage(EventId = 1012, Level = LogLevel.Error,
        Message = "The hub refused an envelope of {Agent} in thread {Thread}: {Status}. The thread is parked for this agent.")]
    public static partial void SendRefused(ILogger logger, HubStatus status, string agent, ThreadId thread);

    [LoggerMessage(EventId = 1013, Level = LogLevel.Warning, Message = "The subscription of {Agent} ended with {Error}; it is opened again in {Pause}.")]
    public static partial void SubscriptionEnded(ILogger logger, string agent, string error, TimeSpan pause);

    [LoggerMessage(EventId = 1014, Level = LogLevel.Warning,
        Message = "Work of {Agent} in thread {Thread} failed with {Error}; it is taken up again in {Pause}.")]
    public static partial void WorkPostponed(ILogger logger, string agent, ThreadId thread, string error, TimeSpan pause);

    [LoggerMessage(EventId = 1015, Level = LogLevel.Warning, Message = "Agent {Agent} did not join thread {Thread}: {Reason}.")]
    public static partial void JoinRefused(ILogger logger, string agent, ThreadId thread, string reason);

    [LoggerMessage(EventId = 1016, Level = LogLevel.Error,
        Message = "The envelope at position {Position} of thread {Thread} fails again and again for {Agent}: {Error}. The thread is parked until it passes.")]
    public static partial void DeliveryStuck(ILogger logger, string agent, ThreadId thread, long position, string error);

    [LoggerMessage(EventId = 1017, Level = LogLevel.Error, Message = "The timers of the runtime stopped with {Error}; they are taken up again in {Pause}.")]
    public static partial void TimersFailed(ILogger logger, string error, TimeSpan pause);

    [LoggerMessage(EventId = 1018, Level = LogLevel.Warning, Message = "The leases of this process could not be kept: {Error}. It is tried again in a second.")]
    public static partial void LeasesFailed(ILogger logger, string error);

    [LoggerMessage(EventId = 1019, Level = LogLevel.Warning,
        Message = "The lease of {Agent} on thread {Thread} went to another process: this one was away for too long, and gives up what it had begun.")]
    public static partial void LeaseLost(ILogger logger, AgentId agent, ThreadId thread);

    [LoggerMessage(EventId = 5000, Level = LogLevel.Information,
        Message = "Approval {Approval} of {Contract} in thread {Thread} waits for people until {Expires}.")]
    public static partial void ApprovalRequested(ILogger logger, string approval, string contract, ThreadId thread, DateTimeOffset expires);

    [LoggerMessage(EventId = 5001, Level = LogLevel.Information, Message = "A vote on approval {Approval} at position {Position} was taken in: {Result}.")]
    public static partial void VoteCounted(ILogger logger, string approval, long position, string result);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Information, Message = "Agent {Agent} claims the request of approval {Approval}.")]
    public static partial void ClaimSent(ILogger logger, string agent, string approval);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Information, Message = "Approval {Approval} is decided: {Decision}.")]
    public static partial void ApprovalDecided(ILogger logger, string approval, string decision);

    [LoggerMessage(EventId = 5004, Level = LogLevel.Warning, Message = "Approval {Approval} is not acted on: {Reason}.")]
    public static partial void DispatchRefused(ILogger logger, string approval, string reason);

    [LoggerMessage(EventId = 5005, Level = LogLevel.Warning,
        Message = "A request for {Contract} at position {Position} of thread {Thread} can never be approved: {Reason}.")]
    public static partial void RequestMalformed(ILogger logger, string contract, long position, ThreadId thread, string reason);

    [LoggerMessage(EventId = 5006, Level = LogLevel.Information,
        Message = "An answer to approval {Approval} came late at position {Position}; it is recorded and does not count.")]
    public static partial void VoteLate(ILogger logger, string approval, long position);

    [LoggerMessage(
        EventId = 5100, Level = LogLevel.Warning,
        Message = "Agent {Agent} sends nothing more in thread {Thread}: a device of its member {Member} was revoked.")]
    public static partial void DeviceRevoked(ILogger logger, string agent, ThreadId thread, AgentId member);

    [LoggerMessage(EventId = 5101, Level = LogLevel.Information, Message = "Agent {Agent} has a new prekey.")]
    public static partial void PrekeyRenewed(ILogger logger, string agent);

    [LoggerMessage(
        EventId = 5102, Level = LogLevel.Warning,
        Message = "The new prekey of agent {Agent} could not be stored or published ({Error}). Again in {Pause}.")]
    public static partial void PrekeyRenewalFailed(ILogger logger, string agent, string error, TimeSpan pause);
}
