using System.Runtime.CompilerServices;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Batching;
using AiAssignments.Evaluation.Datasets.Tar;
using AiAssignments.Evaluation.Datasets.Zip;

namespace AiAssignments.Evaluation.Datasets.Images;

/// <summary>
/// A zip or tar archive of encoded images with a folder per class: <c>cat/1.png</c>, <c>train/cat/1.png</c>. The class is the folder that
/// the file lies in; an image at the root has no label. Class names declared: the folder names, sorted by ordinal. Column to slice by:
/// <c>split</c>, the folder above the class. Operating systems' clutter (<c>__MACOSX</c>, dot files) is passed over; every other file is a
/// record, and a bad one when it is not a PNG, JPEG, WebP, BMP or GIF.
/// </summary>
public sealed class ImageArchiveFormat : IDatasetFormat
{
    private static readonly string[] OfferedColumns = ["split"];

    /// <inheritdoc />
    public string Name => "image-archive";

    /// <inheritdoc />
    public async ValueTask<DatasetDescription?> RecognizeAsync(IDataSource source, DatasetOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        var asked = options.Format == Name;
        if (options.Format is not null && !asked)
        {
            return null;
        }

        var kind = await ZipDirectory.LooksLikeZipAsync(source, cancellationToken).ConfigureAwait(false) ? "zip"
            : await TarSniffer.IsTarAsync(source, cancellationToken).ConfigureAwait(false) ? "tar"
            : null;
        if (kind is null)
        {
            return asked ? throw NotRecognized("this is neither a zip nor a tar archive") : null;
        }

        var survey = await ContainerOf(kind).SurveyAsync(source, cancellationToken).ConfigureAwait(false);
        if (!survey.IsPlausible)
        {
            return asked ? throw NotRecognized("most of its files are not named as images are") : null;
        }

        if (survey.TooManyClasses)
        {
            throw new ProblemException("image-too-many-classes", $"The images lie in more than {ImageSurvey.MaxClasses} folders: one folder per class is needed.");
        }

        return new DatasetDescription
        {
            Format = Name,
            Layout = "folder per class",
            Task = ModelTask.ImageClassification,
            Columns = OfferedColumns,
            SliceColumns = SliceSelection.Check(options.SliceColumns, OfferedColumns, Name),
            LabelNames = [.. survey.Classes],
            Details = new Dictionary<string, string> { ["container"] = kind },
        };
    }

    /// <inheritdoc />
    public ValueTask<ShardPlan> PlanAsync(
        IDataSource source, DatasetDescription description, int shardRecords, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(description);
        return ContainerOf(description.Details.GetValueOrDefault("container")).PlanAsync(source, shardRecords, progress, cancellationToken);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<RecordBatch> ReadAsync(
        IDataSource source, DatasetDescription description, Shard shard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(shard);
        var batch = new BatchBuilder();
        var files = ContainerOf(description.Details.GetValueOrDefault("container")).ReadAsync(source, shard, cancellationToken);
        await foreach (var file in files.ConfigureAwait(false))
        {
            if (file.Content is null)
            {
                batch.Add(file.Position, file.Problem!.Code, file.Problem.Message);
            }
            else if (!ImageMagic.IsImage(file.Content))
            {
                batch.Add(file.Position, "image-format", "The entry is not a PNG, JPEG, WebP, BMP or GIF image by its first bytes.");
            }
            else
            {
                var slices = description.SliceColumns.Count == 0 ? [] : Enumerable.Repeat(file.Entry.Split, description.SliceColumns.Count).ToArray();
                batch.Add(new ImageRecord(file.Position, file.Content, null, file.Entry.Class, slices), file.Content.Length);
            }

            if (batch.IsFull)
            {
                yield return batch.Take();
            }
        }

        if (!batch.IsEmpty)
        {
            yield return batch.Take();
        }
    }

    private static IImageContainer ContainerOf(string? kind) => kind == "tar" ? new TarImages() : new ZipImages();

    private static ProblemException NotRecognized(string why) =>
        new("image-archive-not-recognized", $"This is not an archive of images: {why}. A zip or tar with a folder per class is needed.");
}
