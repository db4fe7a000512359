using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;

namespace AiAssignments.Tests.Datasets.Delimited;

/// <summary>Bytes nobody meant to be a dataset: they end in a problem or in records, never in anything else.</summary>
public class TextFuzzTests
{
    private static readonly string[] Seeds =
    [
        "text,label\n\"a, \"\"b\"\"\nc\",1\nd,0\n",
        "sentence\tlabel\nso good \t1\nso bad \t0\n",
        "\"3\",\"Oil\",\"Prices\"\n\"4\",\"Chips\",\"Faster\"\n",
        "{\"text\":\"a \\\"b\\u00e9\",\"label\":1}\n\n{\"text\":\"c\",\"label\":\"x\",\"more\":[{\"y\":[1,2,null]}]}\n",
        "{\"tokens\":[\"EU\",\"rejects\"],\"ner_tags\":[3,0]}\n{\"tokens\":[\"a\"],\"ner_tags\":[0]}\n",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Damaged_datasets(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 1500; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]);
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                bytes = Damage(bytes, random);
            }

            await ReadAsync(bytes, random);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Random_bytes(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 1000; i++)
        {
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            await ReadAsync(bytes, random);
        }
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        return random.Next(5) switch
        {
            0 => bytes[..at],
            1 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
            2 => [.. bytes[..at], .. bytes[..random.Next(bytes.Length + 1)]],
            3 => [.. bytes[..at], .. "\",\n\r\t{}[]\\\"\0"u8.Slice(random.Next(12), 1), .. bytes[at..]],
            _ => bytes.Length == 0 ? bytes : [.. bytes[..Math.Min(at, bytes.Length - 1)], .. bytes[(Math.Min(at, bytes.Length - 1) + 1)..]],
        };
    }

    private static async Task ReadAsync(byte[] bytes, Random random)
    {
        var options = new DatasetOptions
        {
            Format = random.Next(4) switch { 0 => "csv", 1 => "tsv", 2 => "jsonl", _ => null },
            Task = random.Next(4) == 0 ? ModelTask.TokenClassification : null,
            InputColumn = random.Next(3) == 0 ? "0" : null,
            LabelColumn = random.Next(3) == 0 ? "1" : null,
        };
        try
        {
            var shardRecords = random.Next(1, 4);
            var reading = await DatasetReading.OfAsync(new MemoryDataSource(bytes, "data", random.Next(1, 50)), options, shardRecords);
            reading.AssertCovers(bytes.Length, shardRecords);
        }
        catch (ProblemException problem)
        {
            Assert.Matches("^[a-z0-9-]+$", problem.Problem.Code);
        }
    }
}
