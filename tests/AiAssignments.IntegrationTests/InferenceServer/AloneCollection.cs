namespace AiAssignments.IntegrationTests.InferenceServer;

/// <summary>Tests that run beside no others.</summary>
[CollectionDefinition(RpcProtocolTests.Alone, DisableParallelization = true)]
public sealed class AloneCollection;
