using AiAssignments.Azure.Blobs;
using AiAssignments.Azure.Documents;
using AiAssignments.Azure.Hosting;
using AiAssignments.Azure.WebPubSub;
using AiAssignments.Http.Access;
using AiAssignments.Pipeline.Access;
using Azure.Core;
using Azure.Identity;

namespace AiAssignments.Functions.Hosting;

/// <summary>All settings, read and checked before anything starts; their names are in docs/azure.md.</summary>
/// <param name="Blobs">The blob store.</param>
/// <param name="Cosmos">The document store.</param>
/// <param name="Workflows">Width and provider.</param>
/// <param name="Access">Who gets in. The app can be reached by others, so somebody must be asked for.</param>
/// <param name="PubSub">Live progress; <c>null</c>: none.</param>
/// <param name="Inference">Inference servers; <c>null</c>: none.</param>
/// <param name="Redis"><c>HOST:PORT</c> of the shared cache; <c>null</c>: none.</param>
internal sealed record HostSettings(
    BlobSettings Blobs, CosmosSettings Cosmos, WorkflowSettings Workflows, AccessOptions Access, WebPubSubSettings? PubSub, InferenceSettings? Inference, string? Redis)
{
    /// <summary>The identity of the app; of the developer on a developer's machine.</summary>
    public TokenCredential Credential { get; } = new DefaultAzureCredential();

    /// <summary>A folder of this instance for files of the moment.</summary>
    public string TemporaryFolder { get; } = Path.Combine(Path.GetTempPath(), "aia");

    public static HostSettings Read(IConfiguration configuration) => new(
        BlobSettings.From(configuration),
        CosmosSettings.Read(configuration),
        WorkflowSettings.Read(configuration),
        AccessSetup.Read(configuration, "http://*"),
        WebPubSubSettings.Read(configuration),
        InferenceSettings.Read(configuration),
        configuration["Redis:Endpoint"] is { Length: > 0 } redis ? redis : null);
}
