using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets;

namespace AiAssignments.LoadTesting.Requests;

/// <summary>Bodies of a dataset's texts.</summary>
public static class DatasetBodies
{
    /// <summary>Most records taken.</summary>
    public const int MostRecords = 100_000;

    /// <summary>Most characters of all bodies.</summary>
    public const long MostCharacters = 256L << 20;

    private const int ShardRecords = 65_536;

    /// <summary>Fills a template with each record of a dataset, in its order; bad records are passed over. What is past a limit is left out.</summary>
    /// <param name="staged">The staged (uncompressed) dataset.</param>
    /// <param name="options">What the user said of it.</param>
    /// <param name="template">See <see cref="BodyTemplate"/>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>One body or more.</returns>
    /// <exception cref="ProblemException">The dataset cannot be read; <c>dataset-unfit</c>: it holds no texts.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(IDataSource staged, DatasetOptions options, string template, CancellationToken cancellationToken)
    {
        var (format, description) = await DatasetFormats.DetectAsync(staged, options, cancellationToken).ConfigureAwait(false);
        var plan = await format.PlanAsync(staged, description, ShardRecords, null, cancellationToken).ConfigureAwait(false);
        var bodies = new List<string>();
        long characters = 0;
        foreach (var shard in plan.Shards)
        {
            await foreach (var batch in format.ReadAsync(staged, description, shard, cancellationToken).ConfigureAwait(false))
            {
                foreach (var record in batch.Records)
                {
                    var body = record switch
                    {
                        TextRecord text => BodyTemplate.Fill(template, text.Text, text.Pair),
                        WordsRecord words => BodyTemplate.Fill(template, string.Join(' ', words.Words), null),
                        _ => throw new ProblemException("dataset-unfit", "Bodies are made of texts, and this dataset holds images.", staged.Name),
                    };
                    characters += body.Length;
                    if (bodies.Count == MostRecords || (characters > MostCharacters && bodies.Count > 0))
                    {
                        return bodies;
                    }

                    bodies.Add(body);
                }
            }
        }

        return bodies.Count > 0 ? bodies : throw new ProblemException("dataset-unfit", "The dataset holds no record that could be sent.", staged.Name);
    }
}
