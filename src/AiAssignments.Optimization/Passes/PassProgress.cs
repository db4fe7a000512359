namespace AiAssignments.Optimization.Passes;

/// <summary>How far a pass is.</summary>
/// <param name="Step">What it does now, for example <c>calibrate</c> or <c>quantize weights</c>.</param>
/// <param name="Done">Units done in this step.</param>
/// <param name="Total">Units of this step; 0 when not known.</param>
public sealed record PassProgress(string Step, long Done, long Total);
