using AiAssignments.Evaluation.Results;
using AiAssignments.Inference.Models;
using AiAssignments.Optimization.Passes;
using AiAssignments.Pipeline.Optimizations.Cost;

namespace AiAssignments.Pipeline.Optimizations.Passes;

/// <summary>A pass over the graph alone: tokenizer, labels and preprocessing stay as they are.</summary>
internal sealed class GraphModelPass(IGraphPass pass) : IModelPass
{
    public string Name => pass.Name;

    public async Task<ModelPassResult> RunAsync(ModelPackage source, PassTarget version, string folder, IProgress<PassProgress> progress, CancellationToken cancellationToken)
    {
        var result = await pass.RunAsync(source.OnnxPath, Path.Combine(folder, "model.onnx"), progress, cancellationToken).ConfigureAwait(false);
        var graph = GraphFiles.Of(source).ToHashSet(StringComparer.Ordinal);
        foreach (var file in source.Files.Where(file => !graph.Contains(Path.GetFullPath(file.Path)) && file.Name != ModelCardJson.FileName))
        {
            var target = Path.Combine(folder, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file.Path, target);
        }

        var card = source.Card with { Version = version.Version, Claims = null, Lineage = version.LineageOf(Name) };
        await File.WriteAllTextAsync(Path.Combine(folder, ModelCardJson.FileName), ModelCardJson.Write(card), cancellationToken).ConfigureAwait(false);
        return new([.. result.Facts.Select(fact => new OptimizationFact(fact.Name, fact.Value, fact.Unit))], result.Notes);
    }
}
