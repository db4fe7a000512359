using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Pipeline.Caching;

/// <summary>The caches of one process: predictions and queries, in memory and, where there is one, in a level shared with other processes.</summary>
public sealed class PipelineCaches : IDisposable
{
    private readonly CacheOptions options;
    private readonly TimeProvider time;
    private readonly AnswerStore answers;
    private readonly Lock gate = new();
    private ModelIndex? index;

    /// <summary>Makes empty caches. Nothing is waited for: a shared level that is not there yet is used once it is.</summary>
    /// <param name="options">Lifetimes and sizes.</param>
    /// <param name="shared">The shared level; <c>null</c> for none. Outlives the caches.</param>
    /// <param name="time">The clock of waits and of <see cref="CacheOptions.QueryLifetime"/> of the active versions; entries go by the machine's.</param>
    /// <exception cref="ProblemException"><c>option-out-of-range</c>.</exception>
    public PipelineCaches(CacheOptions options, ISharedCache? shared, TimeProvider time)
    {
        options.Check();
        this.options = options;
        this.time = time;
        Queries = new QueryCache(options, shared);
        answers = new AnswerStore(options, shared);
    }

    /// <summary>The cached queries. Put an <see cref="InvalidatingDocumentStore"/> in front of whatever is written to.</summary>
    public QueryCache Queries { get; }

    /// <summary>A predictor with the cache in front of it. Several may share these caches: the answers are the same.</summary>
    /// <param name="inner">Answers what is not kept.</param>
    /// <param name="models">The registered models, over a store that invalidates <see cref="Queries"/>.</param>
    public IPredictor Wrap(IPredictor inner, ModelRegistry models)
    {
        lock (gate)
        {
            index ??= new ModelIndex(models, Queries, time, options.QueryLifetime);
        }

        return new CachedPredictor(inner, index, answers, time);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        index?.Dispose();
        answers.Dispose();
        Queries.Dispose();
    }
}
