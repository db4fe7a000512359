using System.Text;
using AiAssignments.Evaluation.Datasets.Parquet;
using FsCheck;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Datasets.Parquet;

public sealed class ListColumnTests
{
    [Fact]
    public async Task A_list_repeated_from_a_few_bytes_does_not_fill_the_memory()
    {
        var maker = new ListColumnMaker().Dictionary("a").Repeated(1_000_000, begins: true);
        for (var page = 0; page < 4; page++)
        {
            maker.Repeated(1_000_000, begins: false);
        }

        maker.Repeated(3, begins: true);
        Assert.InRange(maker.Size, 1, 1000);
        var cursor = maker.Open();

        var items = new List<ParquetCell>();
        Assert.True(await cursor.NextListAsync(items, default));
        Assert.Equal(ColumnCursor.MaxItems + 1, items.Count);
        Assert.Equal(ColumnCursor.MaxItems + 1, cursor.Decoded);

        Assert.Equal(["a", "a", "a"], await NextAsync(cursor));
    }

    [Fact]
    public async Task A_row_of_too_many_words_is_a_bad_record_and_the_next_is_read()
    {
        var many = Enumerable.Repeat("a", ColumnCursor.MaxItems + 7).ToArray();
        var bytes = await ParquetMaker.SentencesAsync([(many, new long[many.Length]), (["b"], [0]), (["c"], new long[many.Length])]);

        var run = await Archives.DatasetRun.OfAsync(new ParquetFormat(), bytes);

        Assert.Equal(["words-too-many", "words-too-many"], run.Errors.Select(error => error.Code));
        Assert.Equal(["b"], ((AiAssignments.Core.Datasets.WordsRecord)Assert.Single(run.Records)).Words);
    }

    [Property(MaxTest = 60)]
    public void Passing_over_rows_gives_the_rows_behind_them(int seed, bool version2)
    {
        var random = new Random(seed);
        var lists = Enumerable.Range(0, 1 + random.Next(30)).Select(i => Enumerable.Range(0, random.Next(5)).Select(j => $"{i}.{j}").ToList()).ToList();
        var maker = Cut(lists, random, version2);
        for (var skip = 0; skip < lists.Count; skip++)
        {
            var cursor = maker.Open();
            cursor.SkipAsync(skip, default).AsTask().GetAwaiter().GetResult();
            Assert.Equal(0, cursor.Decoded);
            for (var row = skip; row < lists.Count; row++)
            {
                Assert.Equal(lists[row], NextAsync(cursor).GetAwaiter().GetResult());
            }
        }

        // In two steps, and to the end.
        var twice = maker.Open();
        var first = random.Next(lists.Count);
        twice.SkipAsync(first, default).AsTask().GetAwaiter().GetResult();
        Assert.Equal(lists[first], NextAsync(twice).GetAwaiter().GetResult());
        twice.SkipAsync(lists.Count - first - 1, default).AsTask().GetAwaiter().GetResult();
        Assert.Equal(lists[first].Count, twice.Decoded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reading_a_row_group_shard_by_shard_makes_each_value_once(bool version2)
    {
        var lists = Enumerable.Range(0, 1000).Select(i => Enumerable.Range(0, 4).Select(j => $"{i}.{j}").ToList()).ToList();
        var maker = Cut(lists, new Random(1), version2);
        long decoded = 0;
        for (var start = 0; start < lists.Count; start += 20)
        {
            var cursor = maker.Open();
            await cursor.SkipAsync(start, default);
            for (var row = start; row < start + 20; row++)
            {
                Assert.Equal(lists[row], await NextAsync(cursor));
            }

            decoded += cursor.Decoded;
        }

        Assert.Equal(4000, decoded);
    }

    [Fact]
    public async Task Any_shard_size_gives_the_same_sentences()
    {
        var rows = Enumerable.Range(0, 60).Select(i => (Enumerable.Range(0, 1 + (i % 5)).Select(j => $"w{i}-{j}").ToArray(), new long[1 + (i % 5)])).ToList();
        var bytes = await ParquetMaker.SentencesAsync(rows);
        var whole = (await Archives.DatasetRun.OfAsync(new ParquetFormat(), bytes)).Lines();

        Assert.Equal(60, whole.Count);
        Assert.Equal(whole, (await Archives.DatasetRun.OfAsync(new ParquetFormat(), bytes, shardRecords: 1)).Lines());
        Assert.Equal(whole, (await Archives.DatasetRun.OfAsync(new ParquetFormat(), bytes, shardRecords: 7)).Lines());
    }

    // Version 1 may cut a page within a list, version 2 may not.
    private static ListColumnMaker Cut(List<List<string>> lists, Random random, bool version2)
    {
        var maker = new ListColumnMaker();
        var page = new List<(int Repetition, string? Word)>();
        foreach (var list in lists)
        {
            var entries = list.Count == 0 ? [(0, null)] : list.Select((word, i) => (i == 0 ? 0 : 1, (string?)word));
            foreach (var entry in entries)
            {
                if (page.Count > 0 && (!version2 || entry.Item1 == 0) && random.Next(4) == 0)
                {
                    maker.Page(page, version2);
                    page.Clear();
                }

                page.Add(entry);
            }
        }

        return maker.Page(page, version2);
    }

    private static async Task<List<string>> NextAsync(ColumnCursor cursor)
    {
        var items = new List<ParquetCell>();
        Assert.True(await cursor.NextListAsync(items, default));
        return items.ConvertAll(item => Encoding.UTF8.GetString(item.Binary.Span));
    }
}
