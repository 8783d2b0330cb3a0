using System.Net;

namespace ReleaseTrain.Deployment;

/// <summary>Asks a service over HTTP whether it is well: <c>/health</c>, or <c>/</c> where the service has no such page.</summary>
public sealed class HealthCheck(HttpClient http, TimeProvider clock)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until the service is well; the answer is null, or what is wrong.</summary>
    public async Task<string?> WaitAsync(RunningService service, CancellationToken cancellationToken)
    {
        long started = clock.GetTimestamp();
        string last = "it never answered";
        while (clock.GetElapsedTime(started) < s_patience)
        {
            if (!Posix.IsAlive(service.ProcessId))
                return "The service ended right after its start.";
            try
            {
                using var response = await http.GetAsync(service.Url + "/health", cancellationToken);
                if (response.IsSuccessStatusCode)
                    return null;
                last = $"/health answered {(int)response.StatusCode}";
                if (response.StatusCode == HttpStatusCode.NotFound)
                {
                    using var root = await http.GetAsync(service.Url + "/", cancellationToken);
                    if ((int)root.StatusCode < 500)
                        return null;
                    last = $"/ answered {(int)root.StatusCode}";
                }
            }
            catch (HttpRequestException e)
            {
                last = e.Message;
            }

            await Task.Delay(s_pause, clock, cancellationToken);
        }

        return $"The service was not healthy after {s_patience.TotalSeconds:0} s: {last}.";
    }
}
