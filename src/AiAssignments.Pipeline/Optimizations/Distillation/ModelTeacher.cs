using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Optimization.Distillation.Teachers;

namespace AiAssignments.Pipeline.Optimizations.Distillation;

/// <summary>An ONNX model as a teacher.</summary>
public sealed class ModelTeacher : ITeacher, IDisposable
{
    private readonly ModelScorer scorer;

    private ModelTeacher(ModelPackage package, ModelScorer scorer)
    {
        this.scorer = scorer;
        Card = package.Card;
        ContentHash = package.ContentHash;
    }

    /// <inheritdoc />
    public ModelCard Card { get; }

    /// <inheritdoc />
    public string ContentHash { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="path">Its folder or <c>.onnx</c> file.</param>
    /// <param name="options">How it is run; the logits are kept in any case. Defaults when <c>null</c>.</param>
    /// <exception cref="Core.Errors.ProblemException">The model is refused, with the reason.</exception>
    public static ModelTeacher Open(string path, ScorerOptions? options = null)
    {
        var package = ModelFolder.Open(path);
        var tokenizer = package.Card.Tokenizer is { } spec ? TokenizerLoader.Load(package.TokenizerFolder, spec) : null;
        return new ModelTeacher(package, ModelScorer.Create(package, tokenizer, (options ?? ScorerOptions.Default) with { KeepLogits = true }));
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<TeacherAnswer>> AnswerAsync(IReadOnlyList<DatasetRecord> records, CancellationToken cancellationToken)
    {
        var scored = await scorer.ScoreAsync(records, null, cancellationToken).ConfigureAwait(false);
        return [.. scored.Select(record => new TeacherAnswer(record.Prediction?.Logits, record.Error))];
    }

    /// <inheritdoc />
    public void Dispose() => scorer.Dispose();
}
