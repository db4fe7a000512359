using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Pipeline.Caching;

/// <summary>One request on its way through the cache: what is kept of it, what it waits for.</summary>
internal sealed class PredictionRequest
{
    private readonly PredictionAnswer?[] kept;
    private PendingInput?[]? awaited;

    public PredictionRequest(ServedModel model, string name, string? version, IReadOnlyList<PredictionInput> inputs, PredictionOptions options, int labels)
    {
        Model = model;
        Name = name;
        Version = version;
        Inputs = inputs;
        Options = options;
        Labels = labels;
        kept = new PredictionAnswer?[inputs.Count];
        Keys = new string?[inputs.Count];
    }

    /// <summary>The version whose entries are looked up.</summary>
    public ServedModel Model { get; }

    /// <summary>As the caller said it.</summary>
    public string Name { get; }

    /// <summary>As the caller said it: <c>null</c> leaves it to the predictor which version serves while another one is loaded.</summary>
    public string? Version { get; }

    public IReadOnlyList<PredictionInput> Inputs { get; }

    public PredictionOptions Options { get; }

    /// <summary>Labels of the kept answers.</summary>
    public int Labels { get; }

    /// <summary>Keys of the inputs that were looked up.</summary>
    public string?[] Keys { get; }

    /// <summary>Inputs whose answers this process keeps.</summary>
    public int Kept { get; private set; }

    public bool IsKept(int input) => kept[input] is not null;

    /// <summary>Looks up what is not found yet.</summary>
    /// <returns><see cref="Kept"/>.</returns>
    public int FindIn(AnswerStore answers)
    {
        awaited = null;
        for (var i = 0; i < kept.Length; i++)
        {
            if (kept[i] is null)
            {
                Keys[i] ??= PredictionKey.Of(Model, Inputs[i], Labels, Options.Logits);
                kept[i] = answers.Find(Keys[i]!);
                Kept += kept[i] is null ? 0 : 1;
            }
        }

        return Kept;
    }

    public void Await(int input, PendingInput place) => (awaited ??= new PendingInput?[kept.Length])[input] = place;

    public bool Awaits(PendingInput place) => Array.IndexOf(awaited!, place) >= 0;

    /// <summary>All answers, with the labels wanted; each input is kept or its run has ended well.</summary>
    public PredictionResult Result(ModelKey model, ServeTiming timing)
    {
        var cached = Kept;
        for (var i = 0; i < kept.Length; i++)
        {
            if (kept[i] is null)
            {
                var place = awaited![i]!;
                kept[i] = place.Answer!;
                cached += place.Cached ? 1 : 0;
            }

            kept[i] = LabelTiers.Cut(kept[i]!, Options.TopK);
        }

        return new PredictionResult(model, kept!, timing, cached);
    }
}
