using System.Globalization;
using System.Text;
using AiAssignments.LoadTesting.Measuring;

namespace AiAssignments.LoadTesting.Reports;

/// <summary>The measured time as CSV, a row a second (RFC 4180 with line feeds; numbers only, times in milliseconds).</summary>
public static class LoadSeriesCsv
{
    /// <summary>The columns.</summary>
    public const string Header = "second,offered,requests,failed,p50_ms,p90_ms,p99_ms,max_ms,service_p50_ms,service_p99_ms,in_flight,waiting,bytes_received,lag_p99_ms,processor";

    /// <summary>Makes the file's text.</summary>
    /// <param name="series">The seconds.</param>
    public static string Create(IReadOnlyList<SecondPoint> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var text = new StringBuilder(Header).Append('\n');
        foreach (var point in series)
        {
            text.Append(CultureInfo.InvariantCulture, $"{point.Second},{point.Offered},{point.Requests},{point.Failed},{point.P50:0.####},{point.P90:0.####},{point.P99:0.####},{point.Max:0.####},");
            text.Append(CultureInfo.InvariantCulture, $"{point.ServiceP50:0.####},{point.ServiceP99:0.####},{point.InFlight},{point.Waiting},{point.BytesReceived},{point.LagP99:0.####},{point.Processor:0.###}\n");
        }

        return text.ToString();
    }
}
