using System.IO.Hashing;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using Google.Protobuf;

namespace AiAssignments.Pipeline.Samples;

/// <summary>
/// Makes the sample models that come with the project, from public data that a user points to: <c>sentiment</c> (SST-2, IMDB), <c>topic</c> (AG News),
/// <c>entity</c> (CoNLL-2003) and <c>fashion</c> (Fashion-MNIST). The same data gives the same files on machines with the same floating-point instructions.
/// </summary>
public sealed class SampleModelBuilder
{
    private static readonly ISample[] Samples = [new SentimentSample(), new TopicSample(), new EntitySample(), new FashionSample()];
    private readonly int threads;

    /// <summary>Takes the number of threads.</summary>
    /// <param name="threads">Threads to train with, 1 or more; <c>null</c> for as many as the machine has cores. Changes nothing in the result.</param>
    public SampleModelBuilder(int? threads = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads ?? 1, 1);
        this.threads = threads ?? Environment.ProcessorCount;
    }

    /// <summary>Names of the models that can be made.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Samples.Select(sample => sample.Name)];

    /// <summary>Makes every model (or the named ones) whose data is there, one folder each with <c>model.onnx</c> and <c>model-card.json</c>.</summary>
    /// <param name="dataFolders">Folders to look for data in, four levels deep.</param>
    /// <param name="outFolder">Where the models' folders are made; models there already are replaced.</param>
    /// <param name="names">Models to make; empty or <c>null</c> for all.</param>
    /// <param name="progress">Told of each step and epoch.</param>
    /// <param name="cancellationToken">Stops between batches; finished models stay.</param>
    /// <returns>What became of each model, in the order of <see cref="Names"/>.</returns>
    /// <exception cref="ProblemException">
    /// <c>sample-unknown</c>: a name is none of <see cref="Names"/>; <c>samples-folder-missing</c>; <c>samples-no-data</c>: nothing could be made; or the data cannot be read.
    /// </exception>
    public async Task<IReadOnlyList<SampleBuildResult>> BuildAsync(
        IReadOnlyList<string> dataFolders,
        string outFolder,
        IReadOnlyCollection<string>? names = null,
        IProgress<SampleBuildProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataFolders);
        ArgumentException.ThrowIfNullOrEmpty(outFolder);
        if (names?.FirstOrDefault(name => !Names.Contains(name)) is { } unknown)
        {
            throw new ProblemException("sample-unknown", $"'{unknown}' is no sample model; use {string.Join(", ", Names)}.");
        }

        var sources = new SampleSources(dataFolders);
        var results = new List<SampleBuildResult>();
        foreach (var sample in Samples.Where(sample => names is not { Count: > 0 } || names.Contains(sample.Name)))
        {
            var training = new SampleTraining(sample.Name, threads, progress);
            if (await sample.BuildAsync(sources, training, cancellationToken).ConfigureAwait(false) is not { } model)
            {
                results.Add(new SampleBuildResult(sample.Name, null, null, sample.Needs));
                continue;
            }

            training.Say("writing");
            var folder = Path.Combine(outFolder, sample.Name);
            var card = await WriteAsync(folder, model, cancellationToken).ConfigureAwait(false);
            results.Add(new SampleBuildResult(sample.Name, folder, card, null));
        }

        return results.Exists(result => result.Card is not null)
            ? results
            : throw new ProblemException(
                "samples-no-data", $"No training data was found: {string.Join("; ", results.Select(result => $"{result.Name} needs {result.Missing}"))}.", string.Join(", ", dataFolders));
    }

    private static async Task<ModelCard> WriteAsync(string folder, SampleModel model, CancellationToken cancellationToken)
    {
        var bytes = model.Graph.ToByteArray();
        var card = model.Card with { Version = Convert.ToHexStringLower(XxHash128.Hash(bytes))[..12] };
        Directory.CreateDirectory(folder);
        await ReplaceAsync(Path.Combine(folder, "model.onnx"), bytes, cancellationToken).ConfigureAwait(false);
        await ReplaceAsync(Path.Combine(folder, ModelCardJson.FileName), System.Text.Encoding.UTF8.GetBytes(ModelCardJson.Write(card)), cancellationToken).ConfigureAwait(false);
        return card;
    }

    // Written beside and then moved, so that a stop half-way leaves no half model.
    private static async Task ReplaceAsync(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        var beside = path + ".new";
        await File.WriteAllBytesAsync(beside, bytes, cancellationToken).ConfigureAwait(false);
        File.Move(beside, path, overwrite: true);
    }
}
