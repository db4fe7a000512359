using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Inference.Scoring;

/// <summary>
/// Scores records with an ONNX model: texts, sentences in overlapping windows, or images. A word of a sentence that gives no token (empty, control characters
/// only) is predicted as <c>O</c> with probability 1, or evenly where the model has no such label. A text that gives no token at all, where the tokenizer
/// adds no special ones, is scored as one position of padding that the attention mask shows, so that its prediction does not depend on what shares its batch.
/// </summary>
/// <remarks>
/// Errors of single records: <c>sentence-empty</c>, <c>sentence-too-long</c> (more than 50,000 words, or 2^26 words x labels), <c>logits-not-finite</c>,
/// <c>image-undecodable</c>, <c>image-size</c>, <c>image-raw-size</c>.
/// </remarks>
public sealed class ModelScorer : IScorer
{
    private const int MostSpecialTokens = 64;
    private readonly GraphRunner runner;
    private readonly SequenceScoring? sequences;
    private readonly ImageScoring? images;

    private ModelScorer(ModelPackage package, ITokenizer? tokenizer, ScorerOptions options)
    {
        Card = package.Card;
        runner = new GraphRunner(package, options);
        try
        {
            if (Card.Task == ModelTask.ImageClassification)
            {
                images = new(runner, package, options);
            }
            else
            {
                sequences = new(runner, package, tokenizer!, options);
            }
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public ModelCard Card { get; }

    /// <summary><c>CPU</c> or <c>CUDA</c>.</summary>
    public string ExecutionProvider => runner.Provider;

    /// <summary>Loads a model.</summary>
    /// <param name="package">What <see cref="ModelFolder.Open"/> found.</param>
    /// <param name="tokenizer">The model's tokenizer; needed for text tasks, unused for images.</param>
    /// <param name="options">How to score; <see cref="ScorerOptions.Default"/> when <c>null</c>.</param>
    /// <exception cref="ProblemException"><c>model-load-failed</c>, <c>tokenizer-missing</c>, <c>tokenizer-does-not-fit</c>, <c>runtime-option</c>.</exception>
    public static ModelScorer Create(ModelPackage package, ITokenizer? tokenizer, ScorerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(package);
        options ??= ScorerOptions.Default;
        InferenceSessionFactory.Check(options.Runtime);
        Check(options.TokensPerBatch, 1 << 20, nameof(options.TokensPerBatch));
        Check(options.RowsPerBatch, 4096, nameof(options.RowsPerBatch));
        Check(options.ImagesPerBatch, 4096, nameof(options.ImagesPerBatch));
        if (options.Lanes is < 0 or > 1024)
        {
            throw new ProblemException("runtime-option", $"Lanes is {options.Lanes}; use 0 (one a thread) to 1024.");
        }

        if (package.Card.Task != ModelTask.ImageClassification)
        {
            CheckTokenizer(package, tokenizer ?? throw new ProblemException("tokenizer-missing", "A text model needs its tokenizer.", package.Folder));
        }

        return new(package, tokenizer, options);
    }

    /// <inheritdoc />
    /// <remarks><paramref name="onBatch"/> may be called from several threads at once.</remarks>
    public async Task<IReadOnlyList<ScoredRecord>> ScoreAsync(
        IReadOnlyList<DatasetRecord> records, Action<int, TimeSpan>? onBatch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (records.Count == 0)
        {
            return [];
        }

        // The work is computing: the caller's thread is given back at once.
        return await Task.Run(
            () => images is not null ? images.ScoreAsync(records, onBatch, cancellationToken) : sequences!.ScoreAsync(records, onBatch, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose() => runner.Dispose();

    private static void Check(int value, int most, string name)
    {
        if (value < 1 || value > most)
        {
            throw new ProblemException("runtime-option", $"{name} is {value}; use 1 to {most}.");
        }
    }

    /// <summary>Holds the tokenizer against the model's longest input.</summary>
    internal static void CheckTokenizer(ModelPackage package, ITokenizer tokenizer)
    {
        var longest = Math.Min(package.Card.Tokenizer!.MaxLength, package.Binding.FixedLength ?? int.MaxValue);

        // Texts may come in pairs, whose template has more special tokens; words of a sentence never do.
        var specials = package.Card.Task == ModelTask.TextClassification ? Math.Max(tokenizer.SpecialTokens, tokenizer.SpecialTokensInPair) : tokenizer.SpecialTokens;
        if (specials > MostSpecialTokens)
        {
            throw new ProblemException("tokenizer-does-not-fit", $"The tokenizer's template puts {specials} special tokens around a text; at most {MostSpecialTokens} are taken.", package.Folder);
        }

        var needed = (specials + 1) * tokenizer.IdsPerPosition;
        if (longest < needed)
        {
            throw new ProblemException("tokenizer-does-not-fit", $"The model takes {longest} ids, and its tokenizer needs at least {needed}.", package.Folder);
        }

        if (package.Binding.FixedLength is { } width && width % tokenizer.IdsPerPosition != 0)
        {
            throw new ProblemException("tokenizer-does-not-fit", $"The graph fixes {width} ids a row, which is no multiple of the tokenizer's {tokenizer.IdsPerPosition} ids a word.", package.Folder);
        }
    }
}
