using AiAssignments.Core.Errors;

namespace AiAssignments.Optimization.Passes;

/// <summary>Makes a new ONNX graph from one that it leaves as it is.</summary>
public interface IGraphPass
{
    /// <summary>What the lineage of the new version says, for example <c>quantize:dynamic-int8</c>. The same options give the same name.</summary>
    string Name { get; }

    /// <summary>
    /// Reads <paramref name="sourceOnnx"/> and writes <paramref name="targetOnnx"/>: under another name first, moved when whole, so that nothing half-written is
    /// ever found under the target's name. Large weights lie beside the target in a file of its name and <c>.data</c>, or <c>.2.data</c> where a target that is
    /// replaced has that one.
    /// </summary>
    /// <param name="sourceOnnx">Path of a graph; its external data lies beside it.</param>
    /// <param name="targetOnnx">Path of the graph to write, in a folder that exists; replaced when it exists.</param>
    /// <param name="progress">Told how far the work is; may be <c>null</c>.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left behind.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="ProblemException">The graph is refused, or the pass cannot do its work on it; no target is written.</exception>
    Task<PassResult> RunAsync(string sourceOnnx, string targetOnnx, IProgress<PassProgress>? progress, CancellationToken cancellationToken);
}
