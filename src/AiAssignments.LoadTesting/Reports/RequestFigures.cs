namespace AiAssignments.LoadTesting.Reports;

/// <summary>Requests, throughput, bytes.</summary>
/// <param name="Total">Requests that were due in the measured time.</param>
/// <param name="Succeeded">Those answered with a status that counts as success, to the end.</param>
/// <param name="Failed">The others.</param>
/// <param name="SuccessRate">Share of them that succeeded, 0 to 1; <c>null</c>: there were none.</param>
/// <param name="PerSecond">Throughput: successful answers a second, over the whole seconds of the measured time.</param>
/// <param name="OfferedPerSecond">Open model: requests that came due, a second.</param>
/// <param name="BytesSent">Bytes sent (HTTP/1.1: all; else bodies).</param>
/// <param name="BytesReceived">Bytes received likewise.</param>
/// <param name="ReceivedPerSecond">Bytes received a second.</param>
public sealed record RequestFigures(
    long Total, long Succeeded, long Failed, double? SuccessRate, double PerSecond, double? OfferedPerSecond, long BytesSent, long BytesReceived, double ReceivedPerSecond);
