namespace AgentFlow.Runtime.Tests.Flows;

[Message("pay.requested")]
public sealed partial record PayRequested(int Amount);

[Message("pay.order"), RequiresApproval("treasurers", Quorum = 2, ExpiresAfter = "1h", DenyEnds = false)]
public sealed partial record PayOrder(int Amount);

[Message("pay.paid"), EndsThread]
public sealed partial record Paid(int Amount, int Votes);

[Message("pay.refused"), EndsThread(ThreadOutcome.Failed)]
public sealed partial record PayRefused(string Why);

[Agent("clerk")]
public sealed class ClerkAgent
{
    public PayOrder Handle(PayRequested message) => new(message.Amount);
}

[Agent("bank")]
public sealed class BankAgent
{
    public Paid Handle(Approved<PayOrder> ok) => new(ok.Message.Amount, ok.Evidence.Votes.Count(vote => vote.IsYes));

    public PayRefused Handle(Rejected<PayOrder> no) => new(no.Evidence.Votes.Count == 0 ? "nobody" : no.Evidence.Votes[0].Reason ?? "no reason");

    public PayRefused Handle(Expired<PayOrder> late) => new("late after " + late.Evidence.Votes.Count);
}
