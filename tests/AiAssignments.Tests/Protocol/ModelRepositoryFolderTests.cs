using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Repository;
using AiAssignments.Inference.Serving;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Protocol;

public sealed class ModelRepositoryFolderTests
{
    private static readonly string Bundled = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "models", "topic");

    [Fact]
    public async Task The_highest_number_is_active_and_a_model_folder_is_a_version_by_itself()
    {
        using var root = new TemporaryFolder();
        Copy(root.File("topic/2"));
        Copy(root.File("topic/10"));
        Copy(root.File("plain"));
        Directory.CreateDirectory(root.File("topic/11"));
        Directory.CreateDirectory(root.File("topic/012"));
        Directory.CreateDirectory(root.File("empty"));
        Directory.CreateDirectory(root.File(".hidden/1"));
        var source = new ModelRepositoryFolder(root.Path);
        Assert.Equal(["plain@2ddcc6f8dc7c", "topic@2", "topic@10"], (await source.ListAsync(default)).Select(key => key.ToString()));
        Assert.Equal(new ModelKey("topic", "10"), await source.ActiveAsync("topic", default));
        Assert.Null(await source.ActiveAsync("empty", default));

        var opened = await source.OpenAsync(new ModelKey("topic", "2"), default);
        Assert.Equal(("topic", "2"), (opened!.Card.Name, opened.Card.Version));
        Assert.Equal("plain", (await source.OpenAsync(new ModelKey("plain", "2ddcc6f8dc7c"), default))!.Card.Name);

        Copy(root.File("topic/30"));
        Assert.Equal("30", (await source.ActiveAsync("topic", default))!.Value.Version);
    }

    [Fact]
    public async Task A_card_beside_the_versions_serves_those_without_one()
    {
        using var root = new TemporaryFolder();
        Copy(root.File("topic/1"));
        File.Move(root.File("topic/1/model-card.json"), root.File("topic/model-card.json"));
        var source = new ModelRepositoryFolder(root.Path);
        Assert.Equal("1", (await source.ActiveAsync("topic", default))!.Value.Version);
        Assert.Equal(4, (await source.OpenAsync(new ModelKey("topic", "1"), default))!.Card.Labels.Count);
    }

    [Theory]
    [InlineData("..", "1")]
    [InlineData("../outside", "1")]
    [InlineData("inside/..", "1")]
    [InlineData("inside", "../../outside/1")]
    [InlineData("inside", "..")]
    [InlineData("/etc", "1")]
    [InlineData("", "1")]
    [InlineData("inside", "")]
    [InlineData("inside\0", "1")]
    [InlineData("inside", "01")]
    [InlineData("..\\outside", "1")]
    public async Task Names_cannot_climb_out(string name, string version)
    {
        using var root = new TemporaryFolder();
        Copy(root.File("models/inside/1"));
        Copy(root.File("outside/1"));
        var source = new ModelRepositoryFolder(root.File("models"));
        Assert.Null(await source.OpenAsync(new ModelKey(name, version), default));
        if (name != "inside")
        {
            Assert.Null(await source.ActiveAsync(name, default));
        }
    }

    [Fact]
    public void A_missing_folder_is_said() =>
        Assert.Equal("models-folder-missing", Assert.Throws<ProblemException>(() => new ModelRepositoryFolder("/nowhere/at/all")).Problem.Code);

    private static void Copy(string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.EnumerateFiles(Bundled))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }
}
