namespace AgentFlow.Hub.PostgreSql.Lanes;

/// <summary>The kinds of operations, as the functions of the schema number them.</summary>
internal enum OpKind : short
{
    Append = 1,
    NoteInbox = 2,
    Acknowledge = 3,
    Put = 4,
    Delete = 5,
    Create = 6,
    SetMembers = 7,
    Close = 8,
    Trim = 9,
    CompleteInbox = 10,
    CompleteFanOut = 11,
    InboxFence = 12,
    FanOutFence = 13,
}
