using AiAssignments.Core.Errors;
using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Passes;

/// <summary>
/// What every pass does around its own work: refuses what ONNX Runtime refuses, writes into a folder of its own beside the target, has ONNX Runtime load the
/// result, and moves it into place. A run that was killed leaves that folder (<c>.NAME.partial</c>), and at most a data file that no graph needs, which the next
/// run clears; the target is the old or the new one whole.
/// </summary>
public static class GraphPassRunner
{
    // Protobuf ends at 2 GiB.
    private const long UsualInlineBytes = 1L << 30;

    /// <summary>Runs a pass on a thread of the pool.</summary>
    /// <param name="sourceOnnx">Path of the graph to start from.</param>
    /// <param name="targetOnnx">Path of the graph to write.</param>
    /// <param name="change">The work: changes the model and fills the report. Throws to refuse.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The report, with sizes before and after (<c>size-before</c>, <c>size-after</c>, <c>size-ratio</c>) behind the pass's own facts.</returns>
    /// <exception cref="ProblemException">
    /// As <see cref="OnnxModel.Load"/>; <c>model-load-failed</c>: ONNX Runtime refuses the source; <c>pass-output-refused</c>: it refuses what the pass made;
    /// <c>pass-target</c>: source and target are one file, or the target's folder does not exist.
    /// </exception>
    public static Task<PassResult> RunAsync(string sourceOnnx, string targetOnnx, GraphChange change, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(sourceOnnx);
        ArgumentException.ThrowIfNullOrEmpty(targetOnnx);
        ArgumentNullException.ThrowIfNull(change);
        return RunWatchedAsync(sourceOnnx, targetOnnx, change, UsualInlineBytes, null, cancellationToken);
    }

    /// <summary>As the public one.</summary>
    /// <param name="sourceOnnx">Path of the graph to start from.</param>
    /// <param name="targetOnnx">Path of the graph to write.</param>
    /// <param name="change">The work.</param>
    /// <param name="inlineBytes">As in <see cref="OnnxModel.Save"/>.</param>
    /// <param name="moment">Called between the moves into place (<c>data</c>, <c>graph</c>), so that a test can stop there.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    internal static Task<PassResult> RunWatchedAsync(string sourceOnnx, string targetOnnx, GraphChange change, long inlineBytes, Action<string>? moment, CancellationToken cancellationToken) =>
        Task.Run(() => Run(Path.GetFullPath(sourceOnnx), Path.GetFullPath(targetOnnx), change, inlineBytes, moment, cancellationToken), cancellationToken);

    private static async Task<PassResult> Run(string source, string target, GraphChange change, long inlineBytes, Action<string>? moment, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(target)!;
        if (source == target || !Directory.Exists(folder))
        {
            throw new ProblemException("pass-target", source == target ? "Source and target are one file; a pass writes a new one." : "The target's folder does not exist.", target);
        }

        var name = Path.GetFileName(target);
        var work = Path.Combine(folder, $".{name}.partial");
        Clear(work);
        try
        {
            using var model = OnnxModel.Load(source);
            RuntimeCheck.Load(source, isOptimized: false, "model-load-failed", "ONNX Runtime does not take this graph");
            cancellationToken.ThrowIfCancellationRequested();
            Directory.CreateDirectory(work);
            var report = new PassReport();
            await change(model, report, work, cancellationToken).ConfigureAwait(false);
            var written = Path.Combine(work, name);
            var dataName = DataFiles.Free(target, model);
            var after = model.SaveAs(written, dataName, inlineBytes, null, cancellationToken);
            RuntimeCheck.Load(written, isOptimized: true, "pass-output-refused", "ONNX Runtime does not take what the pass made of this graph");
            cancellationToken.ThrowIfCancellationRequested();
            Move(written, target, dataName, model, moment);
            var before = model.Signature.SizeBytes;
            report.Fact(PassFact.Of("size-before", before, "bytes"));
            report.Fact(PassFact.Of("size-after", after, "bytes"));
            report.Fact(PassFact.Of("size-ratio", Math.Round((double)after / before, 4)));
            return report.Result();
        }
        finally
        {
            Clear(work);
        }
    }

    // The graph's move is the one moment: before it the old graph has its own data, after it the new one has.
    private static void Move(string from, string target, string dataName, OnnxModel model, Action<string>? moment)
    {
        var data = Path.Combine(Path.GetDirectoryName(from)!, dataName);
        var hasData = File.Exists(data);
        if (hasData)
        {
            File.Move(data, Path.Combine(Path.GetDirectoryName(target)!, dataName), overwrite: true);
            moment?.Invoke("data");
        }

        File.Move(from, target, overwrite: true);
        moment?.Invoke("graph");
        DataFiles.RemoveOthers(target, hasData ? dataName : null, model);
    }

    private static void Clear(string work)
    {
        if (Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true);
        }
    }
}

/// <summary>The work of one pass.</summary>
/// <param name="model">The model, to be changed in place.</param>
/// <param name="report">Filled with facts and notes.</param>
/// <param name="workFolder">An empty folder for scratch files, removed afterwards.</param>
/// <param name="cancellationToken">Stops the work.</param>
public delegate Task GraphChange(OnnxModel model, PassReport report, string workFolder, CancellationToken cancellationToken);
