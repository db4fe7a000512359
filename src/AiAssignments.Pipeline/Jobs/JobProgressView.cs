namespace AiAssignments.Pipeline.Jobs;

/// <summary>How far a job has come.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all; 0 while unknown.</param>
public sealed record JobProgressView(string Stage, long Done, long Total);
