using System.Diagnostics;
using System.Globalization;

namespace AiAssignments.Benchmarks.Scoring;

/// <summary>The rounds of one contender: wall time, and processor time, which neighbours on the same machine disturb less.</summary>
internal sealed class Contender(int records)
{
    private readonly List<double> rates = [];
    private readonly List<double> cpuRates = [];

    public double Median => Middle(rates);

    public double Best => rates.Max();

    public double PerCpuSecond => Middle(cpuRates);

    /// <summary>Runs a round.</summary>
    /// <param name="round">Returns its seconds.</param>
    public void Add(Func<double> round)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        rates.Add(records / round());
        process.Refresh();
        cpuRates.Add(records / (process.TotalProcessorTime - before).TotalSeconds);
    }

    public void Print(string name) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median:F1} | {Best:F1} | {PerCpuSecond:F1} |"));

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
