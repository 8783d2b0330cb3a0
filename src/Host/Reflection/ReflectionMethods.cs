using AgentFlow.Host.Calls;
using AgentFlow.Wire.Messages.Reflection;
using AgentFlow.Wire.Statuses;
using Google.Protobuf;

namespace AgentFlow.Host.Reflection;

/// <summary>The reflection service, v1 and v1alpha: on the wire they are the same but for the name.</summary>
internal sealed class ReflectionMethods
{
    private static readonly string[] s_services = ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"];
    private readonly DescriptorIndex _index = new();

    public IEnumerable<GrpcMethod> All =>
        s_services.Select(service => new GrpcMethod(service, "ServerReflectionInfo", RunAsync) { IsLong = true, IsOpen = true });

    private async ValueTask<GrpcStatus> RunAsync(ServerCall call)
    {
        while (true)
        {
            var request = await call.ReadAsync(ServerReflectionRequest.Parser).ConfigureAwait(false);
            if (request.Message is null)
                return request.Status;
            var response = Answer(request.Message);
            response.ValidHost = request.Message.Host;
            response.OriginalRequest = request.Message;
            call.Write(response);
            await call.FlushAsync().ConfigureAwait(false);
        }
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request) => request.MessageRequestCase switch
    {
        ServerReflectionRequest.MessageRequestOneofCase.ListServices => new ServerReflectionResponse
        {
            ListServicesResponse = new ListServiceResponse { Service = { _index.Services.Select(name => new ServiceResponse { Name = name }) } },
        },
        ServerReflectionRequest.MessageRequestOneofCase.FileByFilename => Files(_index.FindFile(request.FileByFilename)),
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol => Files(_index.FindSymbol(request.FileContainingSymbol)),
        ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType when _index.IsMessage(request.AllExtensionNumbersOfType) =>
            new ServerReflectionResponse
        {
            // proto3 has no extensions.
            AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType },
        },
        ServerReflectionRequest.MessageRequestOneofCase.None => Error(GrpcStatusCode.InvalidArgument, "The request asks for nothing that this service knows."),
        _ => Error(GrpcStatusCode.NotFound, "Nothing of this name is served."),
    };

    private static ServerReflectionResponse Files(IReadOnlyList<ByteString>? files) => files is null
        ? Error(GrpcStatusCode.NotFound, "Nothing of this name is served.")
        : new ServerReflectionResponse { FileDescriptorResponse = new FileDescriptorResponse { FileDescriptorProto = { files } } };

    private static ServerReflectionResponse Error(GrpcStatusCode code, string message) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };
}
