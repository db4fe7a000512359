namespace AiAssignments.Bench.Table;

/// <summary>The load that a service's response times were measured under, so that a later table can be measured under the same.</summary>
/// <param name="PerSecond">Requests offered a second.</param>
/// <param name="Connections">Connections that they came over.</param>
public sealed record BenchLoad(double PerSecond, int Connections);
