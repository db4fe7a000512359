using AiAssignments.Pipeline.Operations.Traffic;

namespace AiAssignments.Pipeline.Operations;

/// <summary>What <c>/metrics/application</c> shows.</summary>
/// <param name="At">When.</param>
/// <param name="ActiveConnections">Requests being answered and open sockets, now.</param>
/// <param name="QueueLength">Rows that wait for a batch, now.</param>
/// <param name="Current">Traffic over the last few seconds.</param>
/// <param name="Windows">Over <c>1m</c>, <c>5m</c> and <c>15m</c>.</param>
public sealed record ApplicationReport(DateTimeOffset At, long ActiveConnections, long QueueLength, TrafficFigures Current, IReadOnlyDictionary<string, TrafficFigures> Windows);
