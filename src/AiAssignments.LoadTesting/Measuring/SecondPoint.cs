namespace AiAssignments.LoadTesting.Measuring;

/// <summary>What ended in one second of the measured time.</summary>
/// <param name="Second">0-based, since the end of the warm-up.</param>
/// <param name="Offered">Requests that were due in it; 0 in the closed model.</param>
/// <param name="Requests">Requests that ended in it, well or not.</param>
/// <param name="Failed">Those of them that failed.</param>
/// <param name="P50">Median latency of those that ended in it, milliseconds; <c>null</c>: there were none.</param>
/// <param name="P90">90th percentile likewise.</param>
/// <param name="P99">99th percentile likewise.</param>
/// <param name="Max">Greatest likewise.</param>
/// <param name="ServiceP50">Median service time, milliseconds.</param>
/// <param name="ServiceP99">99th percentile of the service time.</param>
/// <param name="InFlight">Requests sent and not answered at its end.</param>
/// <param name="Waiting">Requests due and not sent at its end, because no connection was free.</param>
/// <param name="BytesReceived">Bytes of the answers that ended in it.</param>
/// <param name="LagP99">99th percentile of the generator's own lateness, milliseconds.</param>
/// <param name="Processor">Share of the machine's processors that the generator used in it, 0 to 1.</param>
public sealed record SecondPoint(
    int Second,
    long Offered,
    long Requests,
    long Failed,
    double? P50,
    double? P90,
    double? P99,
    double? Max,
    double? ServiceP50,
    double? ServiceP99,
    long InFlight,
    long Waiting,
    long BytesReceived,
    double? LagP99,
    double Processor);
