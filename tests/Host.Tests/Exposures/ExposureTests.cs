using System.Net;
using AgentFlow.Host.Hosting;
using AgentFlow.Hub;
using AgentFlow.Hub.Memory;
using AgentFlow.Wire.Statuses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFlow.Host.Tests.Exposures;

/// <summary>Who is served at all.</summary>
public sealed class ExposureTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080", true, false, "", null)]
    [InlineData("http://127.0.0.1:5080", false, false, "", null)]
    [InlineData("http://[::1]:5080", true, false, "", null)]
    [InlineData("http://localhost:5080", true, false, "", null)]
    [InlineData("http://unix:/tmp/hub.sock", false, false, "", null)]
    [InlineData("http://unix:/tmp/hub.sock", true, false, "", "Origins")]
    [InlineData("http://0.0.0.0:5080", false, false, "", "RequireLogin")]
    [InlineData("https://0.0.0.0:5080", false, false, "", "RequireLogin")]
    [InlineData("http://*:5080", true, false, "https://hub.example.org", "IsBehindProxy")]
    [InlineData("http://hub.example.org", true, false, "", "IsBehindProxy")]
    [InlineData("http://10.0.0.1:5080", true, false, "", "IsBehindProxy")]
    [InlineData("http://10.0.0.1:5080", true, true, "", "Origins")]
    [InlineData("http://127.0.0.1:5080", true, true, "", "Origins")]
    [InlineData("http://10.0.0.1:5080", true, true, "https://hub.example.org", null)]
    [InlineData("https://10.0.0.1:5080", true, false, "", null)]
    [InlineData("https://hub.example.org", true, false, "", null)]
    [InlineData("https://[::]:5080", true, false, "", "Origins")]
    [InlineData("https://+:5080", true, false, "https://hub.example.org", null)]
    public async Task A_host_that_listens_where_others_can_reach_it_starts_with_login_TLS_and_a_known_address(
        string address, bool requireLogin, bool isBehindProxy, string origin, string? named)
    {
        await using var hub = await InProcessHub.StartAsync(new MemoryEnvelopeStore(), null, TestContext.Current.CancellationToken);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IServer>(new DeafServer(address));
        builder.AddAgentFlowHub(hub, options =>
        {
            (options.RequireLogin, options.IsBehindProxy) = (requireLogin, isBehindProxy);
            if (origin.Length > 0)
                options.Origins.Add(origin);
        });
        await using var app = builder.Build();
        app.MapAgentFlow();
        var starting = app.StartAsync(TestContext.Current.CancellationToken);

        if (named is null)
        {
            await starting;
            return;
        }

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => starting);
        Assert.Contains(named, exception.Message);
    }

    [Fact]
    public void A_call_from_elsewhere_is_refused_even_if_the_start_was_not()
    {
        var context = new DefaultHttpContext();
        context.Connection.LocalIpAddress = IPAddress.Parse("10.0.0.1");
        var inTheClear = Exposure.Refuse(context, new HubServerOptions());
        var closed = Exposure.Refuse(context, new HubServerOptions { RequireLogin = false });
        context.Connection.LocalIpAddress = IPAddress.Parse("::ffff:127.0.0.1");

        Assert.Equal((GrpcStatusCode.PermissionDenied, GrpcStatusCode.PermissionDenied), (closed!.Code, inTheClear!.Code));
        Assert.Null(Exposure.Refuse(context, new HubServerOptions { RequireLogin = false }));
        Assert.Null(Exposure.Refuse(context, new HubServerOptions()));
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("ftp://hub.example.org")]
    [InlineData("https://hub.example.org/path")]
    [InlineData("https://user@hub.example.org")]
    public void An_origin_that_is_none_is_named_at_the_start(string origin)
    {
        var options = new HubServerOptions();
        options.Origins.Add(origin);

        Assert.Contains(origin, new HubServerOptionsValidator().Validate(null, options).FailureMessage);
    }

    [Fact]
    public void Behind_a_proxy_nobody_is_served_without_login()
    {
        var options = new HubServerOptions { RequireLogin = false, IsBehindProxy = true };

        Assert.Contains("RequireLogin", new HubServerOptionsValidator().Validate(null, options).FailureMessage);
    }

    [Fact]
    public void Mapping_without_a_hub_names_the_missing_line()
    {
        using var app = (IDisposable)WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddAgentFlowHub", Assert.Throws<InvalidOperationException>(() => ((WebApplication)app).MapAgentFlow()).Message);
    }

    /// <summary>Says that it listens, and does not.</summary>
    private sealed class DeafServer : IServer
    {
        public DeafServer(string address)
        {
            var addresses = new ServerAddressesFeature();
            addresses.Addresses.Add(address);
            Features.Set<IServerAddressesFeature>(addresses);
        }

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }

        private sealed class ServerAddressesFeature : IServerAddressesFeature
        {
            public ICollection<string> Addresses { get; } = [];

            public bool PreferHostingUrls { get; set; }
        }
    }
}
