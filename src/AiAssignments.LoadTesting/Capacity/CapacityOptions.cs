namespace AiAssignments.LoadTesting.Capacity;

/// <summary>How a capacity search goes.</summary>
/// <param name="First">The rate it begins with, requests a second.</param>
/// <param name="Highest">The highest rate it may offer.</param>
/// <param name="Resolution">It ends when the lowest failed rate is within this share of the highest met one; default 5 %.</param>
public sealed record CapacityOptions(double First, double Highest, double Resolution = 0.05)
{
    /// <summary>The share of a rate's requests that must succeed for the rate to be met, unless the objective itself is about errors; default 99 %.</summary>
    public double LeastSuccess { get; init; } = 0.99;

    /// <summary>The share of the offered rate that must come back as answers; default 95 %.</summary>
    public double LeastKept { get; init; } = 0.95;
}
