using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AgentFlow.HubServer.Serving;

/// <summary>Sends the activities and instruments of the process to a collector by OTLP. The variables <c>OTEL_*</c> of the standard count.</summary>
internal sealed class TelemetryExport : IDisposable
{
    private const string Name = "AgentFlow";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    private TelemetryExport(TracerProvider traces, MeterProvider metrics) => (_traces, _metrics) = (traces, metrics);

    /// <summary>Starts to send; null where there is no collector.</summary>
    public static TelemetryExport? Start(Uri? endpoint)
    {
        if (endpoint is null)
            return null;
        string version = typeof(TelemetryExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        // What comes later wins: an operator may name the service.
        var resource = ResourceBuilder.CreateEmpty().AddService("agentflow-hub", serviceVersion: version).AddTelemetrySdk().AddEnvironmentVariableDetector();
        var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .AddSource(Name, "Microsoft.AspNetCore")
            .AddOtlpExporter(options => Point(options, endpoint, "v1/traces"));
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter(Name, "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime")
            .AddOtlpExporter(options => Point(options, endpoint, "v1/metrics"));
        return new TelemetryExport(traces.Build(), metrics.Build());
    }

    /// <summary>Sends what is left, for a few seconds at most.</summary>
    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    private static void Point(OtlpExporterOptions options, Uri endpoint, string path)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(ProtocolVariable)))
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
        string root = endpoint.AbsoluteUri.EndsWith('/') ? endpoint.AbsoluteUri : endpoint.AbsoluteUri + "/";
        options.Endpoint = options.Protocol == OtlpExportProtocol.HttpProtobuf ? new Uri(root + path) : endpoint;
    }
}
