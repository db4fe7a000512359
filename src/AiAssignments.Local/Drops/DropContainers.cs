using AiAssignments.Azure.Blobs;

namespace AiAssignments.Local.Drops;

/// <summary>The containers in which datasets and models are dropped.</summary>
/// <param name="Azure">The storage account; <c>null</c>: there are none.</param>
internal sealed record DropContainers(AzureBlobs? Azure);
