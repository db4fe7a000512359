namespace AiAssignments.LoadTesting.Reports;

/// <summary>Where the load went and how it was made.</summary>
/// <param name="Url">The target; without headers, keys or bodies.</param>
/// <param name="Address">The address that its host was found to have.</param>
/// <param name="Protocol"><c>http1</c>, <c>http2</c>, <c>web-socket</c> or <c>grpc</c>.</param>
/// <param name="Model"><c>closed</c> (users who wait for their answers) or <c>open</c> (requests come when they are due).</param>
/// <param name="Users">Closed model: users.</param>
/// <param name="ThinkMilliseconds">Closed model: pause between an answer and the next request.</param>
/// <param name="Arrivals">Open model: <c>constant</c>, <c>poisson</c>, <c>ramp</c>, <c>spike</c> or <c>trace</c>.</param>
/// <param name="HighestRate">Open model: highest rate asked for, requests a second.</param>
/// <param name="WarmUpSeconds">Seconds before the measured time.</param>
/// <param name="MostSeconds">Longest measured time asked for.</param>
/// <param name="TimeoutSeconds">After this a request has failed.</param>
public sealed record LoadSettings(
    string Url,
    string Address,
    string Protocol,
    string Model,
    int? Users,
    double? ThinkMilliseconds,
    string? Arrivals,
    double? HighestRate,
    double WarmUpSeconds,
    double MostSeconds,
    double TimeoutSeconds);
