using AgentFlow.Hosting;
using AgentFlow.Protocol.Hub;
using AgentFlow.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentFlow;

/// <summary>Says where an app's agents keep their rows and which hub they use. Made by the generated <c>AddAgentFlow()</c>.</summary>
/// <example><code>
/// builder.AddAgentFlow(options => options.AddPerson("ada", "release-managers"))
///        .UseSqlite()
///        .UseHub(hub);
/// </code></example>
public sealed class AgentFlowBuilder
{
    private readonly RuntimeSetup _setup;

    internal AgentFlowBuilder(IServiceCollection services, RuntimeSetup setup) => (Services, _setup) = (services, setup);

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Keeps the agents' rows in one SQLite file, <c>agents.db</c> in <see cref="AgentFlowOptions.Directory"/>. This is the default.</summary>
    /// <param name="directory">The folder of stores and keys, or null to leave <see cref="AgentFlowOptions.Directory"/> as it is.</param>
    public AgentFlowBuilder UseSqlite(string? directory = null)
    {
        if (directory is not null)
            Services.Configure<AgentFlowOptions>(options => options.Directory = directory);
        return this;
    }

    /// <summary>Keeps the agents' rows in a store of another room.</summary>
    internal AgentFlowBuilder UseStore(Func<IServiceProvider, CancellationToken, ValueTask<IAgentStore>> open)
    {
        _setup.Store = open;
        return this;
    }

    /// <summary>Uses a hub that the caller owns and disposes.</summary>
    public AgentFlowBuilder UseHub(IHub hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        _setup.OwnsHub = false;
        _setup.Hub = (_, _) => ValueTask.FromResult(hub);
        return this;
    }

    /// <summary>Uses a hub that is opened when the host starts and disposed when it stops.</summary>
    /// <param name="open">Opens it. The store's folder is <see cref="AgentFlowOptions.Directory"/>.</param>
    public AgentFlowBuilder UseHub(Func<IServiceProvider, CancellationToken, ValueTask<IHub>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        _setup.OwnsHub = true;
        _setup.Hub = open;
        return this;
    }

    /// <summary>
    /// Uses a hub that is opened in <see cref="AgentFlowOptions.Directory"/> when the host starts and disposed when it stops:
    /// <c>UseHub(SqliteHub.OpenAsync)</c>.
    /// </summary>
    /// <param name="open">Opens it, given the full path of the folder and the host's clock.</param>
    public AgentFlowBuilder UseHub(Func<string, TimeProvider, CancellationToken, ValueTask<IHub>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return UseHub((services, cancellationToken) =>
        {
            var options = services.GetRequiredService<IOptions<AgentFlowOptions>>().Value;
            return open(Path.GetFullPath(options.Directory, _setup.ContentRoot), services.GetRequiredService<TimeProvider>(), cancellationToken);
        });
    }

    /// <summary>Adds a person with roles: an agent of this process whose key may approve.</summary>
    /// <param name="name">The name: lower case letters, digits and hyphens, 1 to 64 characters.</param>
    /// <param name="roles">The roles, as <c>[RequiresApproval]</c> names them.</param>
    public AgentFlowBuilder AddPerson(string name, params string[] roles)
    {
        Services.Configure<AgentFlowOptions>(options => options.AddPerson(name, roles));
        return this;
    }
}
