using AgentFlow.Host.Calls;
using AgentFlow.Host.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentFlow.Host.Health;

/// <summary>
/// Health over plain HTTP, for whoever restarts the process (<c>/health/live</c>) and whoever sends it calls (<c>/health/ready</c>). A word and a status,
/// nothing that a stranger may not know.
/// </summary>
internal sealed class HealthPages(HubHealth health, HubSource source, CallFaults faults, TimeProvider clock)
{
    private const string Probe = "agentflow-health";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/live", static context => AnswerAsync(context, "live", StatusCodes.Status200OK)).WithDisplayName("Liveness");
        endpoints.MapGet("/health/ready", ReadyAsync).WithDisplayName("Readiness");
    }

    private static Task AnswerAsync(HttpContext context, string word, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(word + "\n", context.RequestAborted);
    }

    private async Task ReadyAsync(HttpContext context)
    {
        if (!health.IsServing)
            await AnswerAsync(context, "draining", StatusCodes.Status503ServiceUnavailable).ConfigureAwait(false);
        else if (await AnswersAsync(context.RequestAborted).ConfigureAwait(false))
            await AnswerAsync(context, "ready", StatusCodes.Status200OK).ConfigureAwait(false);
        else
            await AnswerAsync(context, "the store does not answer", StatusCodes.Status503ServiceUnavailable).ConfigureAwait(false);
    }

    /// <summary>Whether a read comes back from the store in time. What the store said instead is in the log.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await source.Hub.ResolveNameAsync(Probe, either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            faults.StatusOf(exception, "/health/ready", cancellationToken.IsCancellationRequested);
            return false;
        }
    }
}
