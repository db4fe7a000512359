namespace AiAssignments.Pipeline.Operations.Gpu;

/// <summary>One GPU now. Figures that its driver does not tell are <c>null</c>.</summary>
/// <param name="Name">Product name.</param>
/// <param name="UtilizationPercent">Share of the last sampling period of the driver in which a kernel ran, 0..100.</param>
/// <param name="MemoryBytes">Memory in use, of all processes.</param>
/// <param name="MemoryLimitBytes">Memory in all.</param>
/// <param name="TemperatureCelsius">Temperature.</param>
/// <param name="PowerWatts">Power draw.</param>
public sealed record GpuFigures(string Name, double? UtilizationPercent, long? MemoryBytes, long? MemoryLimitBytes, double? TemperatureCelsius, double? PowerWatts);
