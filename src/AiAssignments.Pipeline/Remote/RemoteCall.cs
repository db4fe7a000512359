namespace AiAssignments.Pipeline.Remote;

/// <summary>What one call asks of any server.</summary>
/// <param name="Model">The model, whose queue may be full; empty for calls that have none.</param>
/// <param name="Request">Makes the request of an attempt, given the server and the time that is left until inference begins.</param>
/// <param name="Read">Reads a successful answer.</param>
internal sealed record RemoteCall<T>(string Model, Func<RemoteServer, TimeSpan, HttpRequestMessage> Request, Func<HttpResponseMessage, CancellationToken, Task<T>> Read);
