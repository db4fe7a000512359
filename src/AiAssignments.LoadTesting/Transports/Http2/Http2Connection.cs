namespace AiAssignments.LoadTesting.Transports.Http2;

/// <summary>One connection, shared by some channels.</summary>
internal sealed class Http2Connection(HttpMessageInvoker invoker) : IDisposable
{
    private readonly Lock gate = new();
    private Task<string?>? opening;

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken) => invoker.SendAsync(message, cancellationToken);

    /// <summary>Opens it once, whoever of its channels asks first.</summary>
    /// <param name="open">Opens it; says what went wrong, or <c>null</c>.</param>
    public Task<string?> OpenAsync(Func<Task<string?>> open)
    {
        lock (gate)
        {
            return opening ??= open();
        }
    }

    public void Dispose() => invoker.Dispose();
}
