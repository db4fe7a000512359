namespace AiAssignments.LoadTesting.Reports;

/// <summary>The load generator itself.</summary>
/// <param name="Bottleneck">Whether the figures say more about the generator than about the server; <paramref name="Warnings"/> tell why.</param>
/// <param name="LagP50">How late requests were sent that were due and had a free connection, milliseconds: median.</param>
/// <param name="LagP99">99th percentile of it.</param>
/// <param name="LagMax">Greatest.</param>
/// <param name="LagBound">From which 99th percentile on it counts as a bottleneck.</param>
/// <param name="ThreadDelayP99">How long an answer that had come waited for a thread to take it, milliseconds, 99th percentile of probes.</param>
/// <param name="Processor">Share of the machine's processors that the generator used, 0 to 1.</param>
/// <param name="Processors">Processors of the machine, as far as this process may use them.</param>
/// <param name="SharesMachine">Whether the target runs on the same machine, and so has the rest of them at most.</param>
/// <param name="Connections">Connections, or with HTTP/2 and gRPC requests under way at most.</param>
/// <param name="Waited">Open model: requests that came due while no connection was free. Their wait counts as latency.</param>
/// <param name="Warnings">What a reader has to know before believing the figures.</param>
public sealed record GeneratorFigures(
    bool Bottleneck,
    double LagP50,
    double LagP99,
    double LagMax,
    double LagBound,
    double ThreadDelayP99,
    double Processor,
    int Processors,
    bool SharesMachine,
    int Connections,
    long Waited,
    IReadOnlyList<string> Warnings);
