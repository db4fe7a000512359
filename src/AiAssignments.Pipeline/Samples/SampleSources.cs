using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets;
using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.Pipeline.Datasets;

namespace AiAssignments.Pipeline.Samples;

/// <summary>Finds public datasets under some folders by their usual file names, and reads them with the project's own readers.</summary>
internal sealed class SampleSources
{
    private const int Depth = 4;
    private const int ShardRecords = 4096;
    private const double ErrorThreshold = 0.01;

    private readonly IReadOnlyList<string> files;

    /// <summary>Lists the files of the folders, <see cref="Depth"/> levels deep, in the same order everywhere.</summary>
    /// <exception cref="ProblemException"><c>samples-folder-missing</c>.</exception>
    public SampleSources(IReadOnlyList<string> folders)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = Depth, IgnoreInaccessible = true };
        var found = new List<string>();
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder))
            {
                throw new ProblemException("samples-folder-missing", "There is no such folder with data to train on.", folder);
            }

            found.AddRange(Directory.EnumerateFiles(folder, "*", options).Order(StringComparer.Ordinal));
        }

        files = found;
    }

    /// <summary>The first file of one of the names; <c>null</c> for none.</summary>
    public string? Find(params string[] names) =>
        names.Select(name => files.FirstOrDefault(file => Path.GetFileName(file).Equals(name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(file => file is not null);

    /// <summary>The first file of one of the names that is recognized as having a layout (or, without one, a format).</summary>
    public async Task<string?> FindAsync(Func<DatasetDescription, bool> fits, string[] names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            foreach (var file in files.Where(file => Path.GetFileName(file).Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                try
                {
                    var (_, description) = await DatasetFormats.DetectAsync(new FileDataSource(file), DatasetOptions.Default, cancellationToken).ConfigureAwait(false);
                    if (fits(description))
                    {
                        return file;
                    }
                }
                catch (ProblemException)
                {
                    // Another file of that name; the right one may follow.
                }
            }
        }

        return null;
    }

    /// <summary>All records of a dataset, decompressed into a temporary file first where it must be.</summary>
    /// <exception cref="ProblemException">It cannot be read, or more than one record in a hundred is bad.</exception>
    public static async Task<List<TRecord>> ReadAsync<TRecord>(string path, CancellationToken cancellationToken)
        where TRecord : DatasetRecord
    {
        using var staging = await TemporaryStaging.OpenAsync(path, StagingLimits.Default, cancellationToken).ConfigureAwait(false);
        var source = staging.Source;
        var (format, description) = await DatasetFormats.DetectAsync(source, DatasetOptions.Default, cancellationToken).ConfigureAwait(false);
        var plan = await format.PlanAsync(source, description, ShardRecords, null, cancellationToken).ConfigureAwait(false);
        var records = new List<TRecord>();
        var errors = new List<RecordError>();
        foreach (var shard in plan.Shards)
        {
            await foreach (var batch in format.ReadAsync(source, description, shard, cancellationToken).ConfigureAwait(false))
            {
                records.AddRange(batch.Records.OfType<TRecord>());
                errors.AddRange(batch.Errors);
            }
        }

        if (errors.Count > ErrorThreshold * plan.RecordCount)
        {
            throw new ProblemException("samples-data-bad", $"{errors.Count} of {plan.RecordCount} records cannot be read; the first: {errors[0].Message}", $"{path}, {errors[0].Position}");
        }

        return records;
    }
}
