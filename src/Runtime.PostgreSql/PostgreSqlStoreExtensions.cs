using AgentFlow.Hosting;
using AgentFlow.Keys;
using AgentFlow.PostgreSql;
using AgentFlow.PostgreSql.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentFlow;

/// <summary>Keeps the agents' rows on PostgreSQL.</summary>
public static class PostgreSqlStoreExtensions
{
    /// <summary>
    /// Keeps the agents' rows in a PostgreSQL database (15 or newer) that any number of processes of this app share, on one machine or on many. Each
    /// thread of an agent is worked on by one of them at a time, under a fenced lease; when it dies another goes on after <see
    /// cref="AgentFlowOptions.LeaseDuration"/>.
    /// </summary>
    /// <remarks>
    /// <para>Every process must be given the same secret: <see cref="AgentFlowOptions.Passphrase"/>, or the same machine key file at
    /// <see cref="AgentFlowOptions.MachineKeyPath"/>. The agents' keys lie in the database, sealed under it; without it nobody can read or use them, the
    /// database's administrator included. The first process that starts makes the keys, and the machine key file where there is none yet: copy that to
    /// the other machines.</para>
    /// <para>The tables are made and updated at the start. The connection string is not logged.</para>
    /// </remarks>
    /// <param name="builder">What <c>AddAgentFlow()</c> returned.</param>
    /// <param name="connectionString">Where the database is.</param>
    /// <param name="configure">Sets further options, or null.</param>
    /// <example><code>
    /// builder.AddAgentFlow(options => options.MachineKeyPath = "/run/secrets/agentflow-machine.key")
    ///        .UsePostgreSql(builder.Configuration.GetConnectionString("agents")!)
    ///        .UseHub("https://hub.example.org");
    /// </code></example>
    public static AgentFlowBuilder UsePostgreSql(this AgentFlowBuilder builder, string connectionString, Action<PostgreSqlStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var options = new PostgreSqlStoreOptions { ConnectionString = connectionString };
        configure?.Invoke(options);
        return builder.UseStore(async (services, cancellationToken) =>
        {
            var keys = services.GetRequiredService<IOptions<AgentFlowOptions>>().Value.SharedKeys();
            return await PostgreSqlAgentStore.OpenAsync(
                options,
                (pool, token) => DeviceKeys.OpenAsync(new StoredDeviceKey(pool, options.Schema), keys, token),
                services.GetRequiredService<TimeProvider>(),
                cancellationToken).ConfigureAwait(false);
        });
    }
}
