using AiAssignments.Http.Responses;
using AiAssignments.Http.Routing;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Access;

namespace AiAssignments.Http.Routes;

/// <summary><c>POST /api/memory/trim</c>: gives memory back on demand.</summary>
/// <param name="server">Whose memory it is.</param>
internal sealed class MemoryRoutes(IModelServer server) : IGatewayRoutes
{
    public IReadOnlyList<GatewayRoute> Routes =>
    [
        new("TrimMemory", HttpMethods.Post, "api/memory/trim", AccessScope.Admin, async context => Answers.Done(await server.TrimAsync(context.RequestAborted).ConfigureAwait(false)))
        {
            Summary = "Frees memory: idle models, the arenas of ONNX Runtime (host and GPU), the managed heap. A model that was unloaded is loaded again by its next request.",
            Tag = "Operations",
            ResponseSchema = "MemoryFreed",
            ResponseExample = """{"modelsUnloaded":[{"name":"topic","version":"1"}],"residentBefore":402653184,"residentAfter":167772160,"managedBefore":50331648,"managedAfter":25165824}""",
        },
    ];
}
