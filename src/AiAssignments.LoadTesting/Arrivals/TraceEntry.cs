namespace AiAssignments.LoadTesting.Arrivals;

/// <summary>A request of a recorded trace.</summary>
/// <param name="Ticks">When it is due, ticks of 100 ns since the start of the trace.</param>
/// <param name="Method">Its method; <c>null</c>: that of the command line.</param>
/// <param name="Path">Its path and query; <c>null</c>: that of the target's URL.</param>
/// <param name="Body">Its body; <c>null</c>: that of the command line.</param>
public sealed record TraceEntry(long Ticks, string? Method, string? Path, string? Body);
