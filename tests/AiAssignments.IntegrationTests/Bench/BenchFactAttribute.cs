namespace AiAssignments.IntegrationTests.Bench;

/// <summary>A run of the bench with real load, which needs the machine for itself: beside other tests on few cores a step may get no figure, and the bench says so by its exit code.</summary>
internal sealed class BenchFactAttribute : FactAttribute
{
    public BenchFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("AIA_BENCH_TESTS") != "1")
        {
            Skip = "It measures, and needs the machine for itself: run it alone, with AIA_BENCH_TESTS=1.";
        }
    }
}
