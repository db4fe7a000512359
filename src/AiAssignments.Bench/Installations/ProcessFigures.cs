using System.Diagnostics;
using System.Globalization;

namespace AiAssignments.Bench.Installations;

/// <summary>Counters and levels of the installation's process at one moment, as its <c>/metrics</c> tells them.</summary>
/// <param name="Timestamp">When, of this process's clock.</param>
/// <param name="CpuSeconds">Processor time since it began.</param>
/// <param name="ResidentBytes">Its memory in RAM.</param>
/// <param name="ReadBytes">Read from disks since it began; <c>null</c>: not told.</param>
/// <param name="WrittenBytes">Written to disks since it began; <c>null</c>: not told.</param>
internal sealed record ProcessFigures(long Timestamp, double? CpuSeconds, double? ResidentBytes, double? ReadBytes, double? WrittenBytes)
{
    /// <summary>Reads the Prometheus text format, 0.0.4.</summary>
    public static ProcessFigures Parse(string text)
    {
        double? Of(string metric)
        {
            foreach (var line in text.AsSpan().EnumerateLines())
            {
                // A metric of this process has no labels but those of its scope.
                if (line.StartsWith(metric, StringComparison.Ordinal) && line.Length > metric.Length && line[metric.Length] is ' ' or '{')
                {
                    var rest = line[metric.Length] == '{' && line.LastIndexOf('}') is var end and > 0 ? line[(end + 1)..] : line[metric.Length..];
                    var value = rest.Trim();
                    var blank = value.IndexOf(' ');
                    return double.TryParse(blank < 0 ? value : value[..blank], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
                }
            }

            return null;
        }

        return new ProcessFigures(Stopwatch.GetTimestamp(), Of("process_cpu_seconds_total"), Of("process_resident_memory_bytes"), Of("process_disk_read_bytes_total"), Of("process_disk_written_bytes_total"));
    }
}
