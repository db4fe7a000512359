using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Inference.Runtime;

/// <summary>A session and where it runs.</summary>
/// <param name="Session">The session; owned.</param>
/// <param name="Provider"><c>CPU</c> or <c>CUDA</c>.</param>
public sealed record LoadedSession(InferenceSession Session, string Provider) : IDisposable
{
    /// <inheritdoc />
    public void Dispose() => Session.Dispose();
}
