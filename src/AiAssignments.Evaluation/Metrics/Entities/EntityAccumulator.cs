using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>
/// Gathers what the figures of a token classification need, without keeping sentences. Gold tags and predictions may be in different schemes.
/// Merging shards in any order gives the same state as adding all sentences to one. Not safe for use from several threads at once.
/// </summary>
public sealed class EntityAccumulator
{
    private readonly EntityMode mode;
    private readonly TagScheme? goldScheme;
    private readonly TagScheme predictedScheme;
    private readonly TagSchemeEvidence evidence = new();
    private readonly TagConfusion rawTags = new();
    private readonly TagConfusion commonTags = new();
    private readonly IReadOnlyList<EntityTally> tallies;

    /// <summary>Starts empty.</summary>
    /// <param name="predictedScheme">Scheme of the model's tags; see <see cref="TagScheme.DetectLabels"/>.</param>
    /// <param name="options">Mode, and the scheme of the gold tags: recognized from all sentences together when none is given. The same for all that are merged.</param>
    /// <exception cref="ProblemException"><c>tag-scheme-unknown</c> or <c>entity-mode-unknown</c>: an option's value is not known.</exception>
    public EntityAccumulator(TagScheme predictedScheme, EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(predictedScheme);
        ArgumentNullException.ThrowIfNull(options);
        this.predictedScheme = predictedScheme;
        mode = EntityMode.Parse(options.EntityMode);
        goldScheme = options.TagScheme is null ? null : TagScheme.Parse(options.TagScheme);

        // While the scheme is not known, a mode that depends on it reads the gold tags in each.
        IEnumerable<TagScheme> schemes = goldScheme is not null ? [goldScheme] : mode.ReadsScheme ? TagScheme.All : [TagScheme.Iob2];
        tallies = [.. schemes.Select(scheme => new EntityTally(scheme))];
    }

    /// <summary>Sentences added.</summary>
    public long Sentences { get; private set; }

    /// <summary>Adds a sentence.</summary>
    /// <param name="gold">Gold tags, one a word.</param>
    /// <param name="predicted">Predicted tags, one a word.</param>
    /// <returns>Words whose tag is right when both are written as IOB2, so that a difference of schemes is no mistake.</returns>
    /// <exception cref="ProblemException">What <see cref="Refusal"/> says, or <c>too-many-tags</c>; nothing is added by a refused sentence.</exception>
    public int AddSentence(IReadOnlyList<string> gold, IReadOnlyList<string> predicted)
    {
        if (Refusal(gold, predicted) is { } problem)
        {
            throw new ProblemException(problem);
        }

        Sentences++;
        evidence.Add(gold);
        rawTags.Add(gold, predicted);
        var guesses = mode.Read(predicted, predictedScheme);
        foreach (var tally in tallies)
        {
            tally.Add(mode.Read(gold, tally.Scheme), guesses);
        }

        return commonTags.Add(CommonTags(gold), CommonTags(predicted));
    }

    /// <summary>A sentence's tags as IOB2, read as conlleval reads them: what right words are counted by.</summary>
    /// <param name="tags">One tag a word, in any scheme.</param>
    public static IReadOnlyList<string> CommonTags(IReadOnlyList<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return EntityMatch.ToIob2(LenientChunks.Conlleval(tags), tags.Count);
    }

    /// <summary>Why a sentence cannot be added; <c>null</c> when it can. Broken sequences can: they are read as the mode says.</summary>
    /// <param name="gold">Gold tags.</param>
    /// <param name="predicted">Predicted tags.</param>
    /// <returns><c>tag-count</c>: not one tag a word; <c>tag-outside-scheme</c>: a prefix that the strict mode cannot read.</returns>
    public Problem? Refusal(IReadOnlyList<string> gold, IReadOnlyList<string> predicted)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(predicted);
        if (gold.Count != predicted.Count)
        {
            return new Problem("tag-count", $"The sentence has {gold.Count} gold tags and {predicted.Count} predicted ones; one a word is needed.");
        }

        return mode.ReadsScheme ? Foreign(gold, goldScheme ?? TagScheme.Iobes) ?? Foreign(predicted, predictedScheme) : null;
    }

    /// <summary>Adds all that another has gathered.</summary>
    /// <param name="other">Made with the same schemes and options.</param>
    /// <exception cref="ProblemException"><c>shards-differ</c>: it was not.</exception>
    public void Merge(EntityAccumulator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.mode != mode || other.goldScheme != goldScheme || other.predictedScheme != predictedScheme)
        {
            throw new ProblemException("shards-differ", "Shards of evaluations with different tag schemes or entity modes cannot be merged.");
        }

        Add(other.ToState());
    }

    /// <summary>For a shard's result.</summary>
    public EntityState ToState() => new()
    {
        EndTags = evidence.EndTags,
        AgainstIob1 = evidence.AgainstIob1,
        AgainstIob2 = evidence.AgainstIob2,
        RawTags = rawTags.ToState(),
        CommonTags = commonTags.ToState(),
        Tallies = [.. tallies.Select(tally => tally.ToState())],
    };

    /// <summary>From a shard's result.</summary>
    /// <param name="state">What <see cref="ToState"/> gave.</param>
    /// <param name="predictedScheme">Scheme of the model's tags.</param>
    /// <param name="options">The options it was gathered with.</param>
    /// <exception cref="ProblemException"><c>shards-differ</c>: the state has another shape than the options say.</exception>
    public static EntityAccumulator FromState(EntityState state, TagScheme predictedScheme, EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(state);
        var result = new EntityAccumulator(predictedScheme, options);
        result.Add(state);
        return result;
    }

    /// <summary>The figures.</summary>
    /// <param name="options">Confidence, resamples and seed.</param>
    public EntityMetrics Compute(EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new EntityReport(mode, GoldScheme, predictedScheme, Sentences, options).Metrics(Tally.ToState(), Words);
    }

    /// <summary>Sentences that a reader should know about these figures.</summary>
    public IReadOnlyList<string> Notes() => EntityNotes.For(mode, GoldScheme, goldScheme is null, predictedScheme, evidence, Tally.ToState());

    private TagScheme GoldScheme => goldScheme ?? evidence.Scheme;

    private EntityTally Tally => tallies.FirstOrDefault(tally => tally.Scheme == GoldScheme) ?? tallies[0];

    // Tags of one scheme are compared as they stand, as conlleval does; of two, in common form.
    private TagConfusion Words => GoldScheme == predictedScheme ? rawTags : commonTags;

    private void Add(EntityState state)
    {
        if (state.Tallies.Count != tallies.Count || state.Tallies.Zip(tallies).Any(pair => pair.First.Scheme != pair.Second.Scheme.Name))
        {
            throw new ProblemException("shards-differ", "A shard's entities were read in another tag scheme or entity mode than the options say.");
        }

        evidence.Merge(new TagSchemeEvidence { EndTags = state.EndTags, AgainstIob1 = state.AgainstIob1, AgainstIob2 = state.AgainstIob2 });
        rawTags.Add(state.RawTags);
        commonTags.Add(state.CommonTags);
        foreach (var (tally, kept) in tallies.Zip(state.Tallies))
        {
            tally.Add(kept);
        }

        Sentences += state.Tallies[0].Counts.Sum();
    }

    private static Problem? Foreign(IReadOnlyList<string> tags, TagScheme scheme)
    {
        foreach (var tag in tags)
        {
            if (!scheme.Allows(Tag.ReadStrict(tag).Prefix))
            {
                return new Problem("tag-outside-scheme", $"The tag '{tag}' is none of {scheme.Name}; entity mode seqeval-strict needs tags of the scheme.");
            }
        }

        return null;
    }
}
