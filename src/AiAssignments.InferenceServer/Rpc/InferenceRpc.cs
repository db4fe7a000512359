using System.Text.Json;
using System.Threading.Channels;
using AiAssignments.Core.Errors;
using AiAssignments.Http.Predicting;
using AiAssignments.Inference.Protocol;
using AiAssignments.Inference.Protocol.Responses;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Serving;
using AiAssignments.InferenceServer.Hosting;
using AiAssignments.InferenceServer.Http;
using AiAssignments.Pipeline.Operations;
using Google.Protobuf.Collections;
using Grpc.Core;

namespace AiAssignments.InferenceServer.Rpc;

/// <summary><c>inference.GRPCInferenceService</c>. <c>ModelInfer</c> with the metadata <c>profile: memory</c>, of this project only, has the trailer <c>memory-profile</c>, as the header of HTTP.</summary>
internal sealed class InferenceRpc(InferenceProtocol protocol, IModelServer server, Readiness readiness, ProtocolLimits limits, ILogger<InferenceRpc> logger)
    : GRPCInferenceService.GRPCInferenceServiceBase
{
    private const int StreamInFlight = 64;
    private const string FinalResponse = "triton_final_response";

    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = readiness.Ready });

    public override async Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        var status = await server.FindAsync(request.Name, Version(request.Version), context.CancellationToken).ConfigureAwait(false);
        return new ModelReadyResponse { Ready = status?.State == ModelState.Ready };
    }

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context)
    {
        var response = new ServerMetadataResponse { Name = InferenceProtocol.ServerName, Version = ServerEndpoints.Version };
        response.Extensions.Add(InferenceProtocol.Extensions);
        return Task.FromResult(response);
    }

    public override async Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        var metadata = await protocol.MetadataAsync(request.Name, Version(request.Version), context.CancellationToken).ConfigureAwait(false);
        var response = new ModelMetadataResponse { Name = metadata.Name, Platform = metadata.Platform };
        response.Versions.Add(metadata.Versions);
        response.Inputs.Add(metadata.Inputs.Select(Describe));
        response.Outputs.Add(metadata.Outputs.Select(Describe));
        if (metadata.ContentHash is { } hash)
        {
            // The message is theirs, and has no place for it.
            context.ResponseTrailers.Add("content-hash", hash);
        }

        return response;
    }

    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        var read = RpcMessages.Read(request, limits);
        Task<InferResponse> InferAsync() => protocol.InferAsync(request.ModelName, Version(request.ModelVersion), read, context.CancellationToken);
        InferResponse answer;
        if (ProfiledCall.IsWished(context.RequestHeaders.GetValue("profile")))
        {
            (answer, var memory) = await ProfiledCall.RunAsync(InferAsync, context.CancellationToken).ConfigureAwait(false);
            context.ResponseTrailers.Add(InferEndpoint.MemoryProfileHeader, JsonSerializer.Serialize(memory, OperationsMonitor.Json));
        }
        else
        {
            answer = await InferAsync().ConfigureAwait(false);
        }

        context.ResponseTrailers.Add("server-timing", ServerTiming.Of(answer.Timing));

        // The message is written behind this method, and refers to the answer's memory.
        context.GetHttpContext().Response.RegisterForDispose(answer);
        return RpcMessages.Write(answer);
    }

    public override async Task ModelStreamInfer(IAsyncStreamReader<ModelInferRequest> requestStream, IServerStreamWriter<ModelStreamInferResponse> responseStream, ServerCallContext context)
    {
        // Requests of one stream are batched together as others are; answers keep their order.
        var running = Channel.CreateBounded<Task<StreamAnswer>>(StreamInFlight);
        var reading = ReadAsync(requestStream, running.Writer, context.CancellationToken);
        await foreach (var each in running.Reader.ReadAllAsync(context.CancellationToken).ConfigureAwait(false))
        {
            var answer = await each.ConfigureAwait(false);
            await responseStream.WriteAsync(answer.Message, context.CancellationToken).ConfigureAwait(false);
            answer.Written?.Dispose();
        }

        await reading.ConfigureAwait(false);
    }

    public override async Task<ModelStatisticsResponse> ModelStatistics(ModelStatisticsRequest request, ServerCallContext context)
    {
        var statistics = await protocol.StatisticsAsync(Version(request.Name), Version(request.Version), context.CancellationToken).ConfigureAwait(false);
        var response = new ModelStatisticsResponse();
        response.ModelStats.Add(statistics.Select(RpcMessages.Write));
        return response;
    }

    public override async Task<RepositoryIndexResponse> RepositoryIndex(RepositoryIndexRequest request, ServerCallContext context)
    {
        var entries = await protocol.IndexAsync(request.Ready, context.CancellationToken).ConfigureAwait(false);
        var response = new RepositoryIndexResponse();
        response.Models.Add(entries.Select(entry => new RepositoryIndexResponse.Types.ModelIndex { Name = entry.Name, Version = entry.Version, State = entry.State, Reason = entry.Reason }));
        return response;
    }

    public override async Task<RepositoryModelLoadResponse> RepositoryModelLoad(RepositoryModelLoadRequest request, ServerCallContext context)
    {
        foreach (var parameter in request.Parameters.Keys)
        {
            RepositoryEndpoints.RefuseOverride(parameter);
        }

        await server.LoadAsync(request.ModelName, VersionOf(request.Parameters), context.CancellationToken).ConfigureAwait(false);
        return new RepositoryModelLoadResponse();
    }

    public override async Task<RepositoryModelUnloadResponse> RepositoryModelUnload(RepositoryModelUnloadRequest request, ServerCallContext context)
    {
        await server.UnloadAsync(request.ModelName, VersionOf(request.Parameters), context.CancellationToken).ConfigureAwait(false);
        return new RepositoryModelUnloadResponse();
    }

    private static string? Version(string version) => version.Length == 0 ? null : version;

    private static string? VersionOf(MapField<string, ModelRepositoryParameter> parameters) =>
        parameters.TryGetValue("version", out var version) && version.StringParam.Length > 0 ? version.StringParam : null;

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorDescription tensor)
    {
        var described = new ModelMetadataResponse.Types.TensorMetadata { Name = tensor.Name, Datatype = tensor.Datatype };
        described.Shape.Add(tensor.Shape);
        return described;
    }

    private async Task ReadAsync(IAsyncStreamReader<ModelInferRequest> requests, ChannelWriter<Task<StreamAnswer>> running, CancellationToken cancellationToken)
    {
        try
        {
            while (await requests.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                // Waiting for room first would let one more run; the channel's bound is what counts.
                await running.WriteAsync(AnswerAsync(requests.Current, cancellationToken), cancellationToken).ConfigureAwait(false);
            }

            running.Complete();
        }
        catch (Exception ended)
        {
            running.Complete(ended);
        }
    }

    // Each request has one answer, which is its last: clients of models that may give several wait for the flag.
    private async Task<StreamAnswer> AnswerAsync(ModelInferRequest request, CancellationToken cancellationToken)
    {
        var answer = await AnswerOneAsync(request, cancellationToken).ConfigureAwait(false);
        answer.Message.InferResponse.Parameters[FinalResponse] = new InferParameter { BoolParam = true };
        return answer;
    }

    private async Task<StreamAnswer> AnswerOneAsync(ModelInferRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await protocol.InferAsync(request.ModelName, Version(request.ModelVersion), RpcMessages.Read(request, limits), cancellationToken).ConfigureAwait(false);
            return new(new ModelStreamInferResponse { InferResponse = RpcMessages.Write(answer) }, answer);
        }
        catch (ProblemException refused)
        {
            if (ProblemStatus.IsOurs(refused.Problem.Code))
            {
                logger.LogError(refused, "A request of a stream failed");
            }

            // One bad request does not end the stream; its id says which it was.
            return new(
                new ModelStreamInferResponse { ErrorMessage = refused.Problem.ToString(), InferResponse = new ModelInferResponse { ModelName = request.ModelName, ModelVersion = request.ModelVersion, Id = request.Id } },
                null);
        }
    }

    // What is disposed when the message is written.
    private readonly record struct StreamAnswer(ModelStreamInferResponse Message, IDisposable? Written);
}
