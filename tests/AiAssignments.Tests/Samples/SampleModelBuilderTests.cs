using AiAssignments.Core.Errors;
using AiAssignments.Inference.Models;
using AiAssignments.Pipeline.Samples;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Samples;

public class SampleModelBuilderTests
{
    [Fact]
    public async Task Models_are_made_from_what_is_there_and_are_the_same_for_any_number_of_threads()
    {
        using var data = new TemporaryFolder();
        WriteTopics(data.File("train.csv"));
        WriteEntities(data.File("eng.train"));
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();

        var results = await new SampleModelBuilder(threads: 1).BuildAsync([data.Path], first.Path);
        await new SampleModelBuilder(threads: 3).BuildAsync([data.Path], second.Path);

        Assert.Equal(SampleModelBuilder.Names, results.Select(result => result.Name));
        Assert.Equal(["topic", "entity"], results.Where(result => result.Card is not null).Select(result => result.Name));
        Assert.All(results.Where(result => result.Card is null), result => Assert.NotEmpty(result.Missing!));
        foreach (var name in new[] { "topic", "entity" })
        {
            foreach (var file in new[] { "model.onnx", "model-card.json" })
            {
                Assert.Equal(File.ReadAllBytes(Path.Combine(first.Path, name, file)), File.ReadAllBytes(Path.Combine(second.Path, name, file)));
            }

            var card = ModelCardJson.Read(Path.Combine(first.Path, name, "model-card.json"));
            Assert.Equal(12, card.Version.Length);
            Assert.All(card.Claims!.Values, claim => Assert.InRange(claim, 0, 1));
            Assert.Equal(2, Directory.GetFiles(Path.Combine(first.Path, name)).Length);
        }
    }

    [Fact]
    public async Task A_name_that_is_none_is_refused()
    {
        using var data = new TemporaryFolder();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => new SampleModelBuilder().BuildAsync([data.Path], data.Path, ["poetry"]));

        Assert.Equal("sample-unknown", refused.Problem.Code);
    }

    [Fact]
    public async Task Without_any_data_it_says_what_each_model_needs()
    {
        using var data = new TemporaryFolder();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => new SampleModelBuilder().BuildAsync([data.Path], data.File("out")));

        Assert.Equal("samples-no-data", refused.Problem.Code);
        Assert.Contains("eng.train", refused.Problem.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data.File("out")));

        refused = await Assert.ThrowsAsync<ProblemException>(() => new SampleModelBuilder().BuildAsync([data.File("nowhere")], data.Path));
        Assert.Equal("samples-folder-missing", refused.Problem.Code);
    }

    [Fact]
    public async Task Fashion_files_that_do_not_fit_each_other_are_refused()
    {
        using var data = new TemporaryFolder();
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28, .. new byte[2 * 784]];
        byte[] labels = [0, 0, 8, 1, 0, 0, 0, 2, 3, 10];
        foreach (var part in new[] { "train", "t10k" })
        {
            File.WriteAllBytes(data.File($"{part}-images-idx3-ubyte"), images);
            File.WriteAllBytes(data.File($"{part}-labels-idx1-ubyte"), labels);
        }

        var refused = await Assert.ThrowsAsync<ProblemException>(() => new SampleModelBuilder().BuildAsync([data.Path], data.File("out")));

        Assert.Equal("samples-labels-unfit", refused.Problem.Code);
    }

    private static void WriteTopics(string path)
    {
        string[] subjects = ["treaty army minister", "goal coach league", "shares profit bank", "software probe chip"];
        File.WriteAllLines(path, Enumerable.Range(0, 80).Select(i => $"\"{(i % 4) + 1}\",\"{subjects[i % 4]} number {i}\",\"More about {subjects[i % 4].Split()[i / 4 % 3]}, they said.\""));
    }

    private static void WriteEntities(string path)
    {
        string[] names = ["Anna", "Boris", "Carla", "Dmitri"];
        File.WriteAllText(path, string.Join("\n\n", Enumerable.Range(0, 60).Select(i => $"{names[i % 4]} NNP I-NP I-PER\nsaw VBD I-VP O\nOslo NNP I-NP I-LOC\n. . O O")) + "\n");
    }
}
