using AiAssignments.Azure.Blobs.Naming;
using AiAssignments.Core.Errors;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Azure.Blobs;

public sealed class BlobNamingTests
{
    [Theory]
    [InlineData("staged/0a1b", "staged/0a1b")]
    [InlineData("models/my model/v1.2/onnx/model.onnx", "models/my model/v1.2/onnx/model.onnx")]
    [InlineData("Übung/漢字", "Übung/漢字")]
    [InlineData("a%2e%2e/b\\c", "a~252e~252e/b~5Cc")]
    [InlineData("a./b ", "a~2E/b~20")]
    [InlineData(".../x", "..~2E/x")]
    [InlineData("~41", "~7E41")]
    [InlineData("e\u0301", "e~CC~81")]
    [InlineData("🙂?#", "~F0~9F~99~82~3F~23")]
    public void A_path_is_written_so_that_nothing_is_left_to_normalize(string path, string name)
    {
        Assert.Equal(name, EncodedNames.Instance.ToName(path));
        Assert.Equal(path, EncodedNames.Instance.ToPath(name));
    }

    [Theory]
    [InlineData("~41")]
    [InlineData("~4")]
    [InlineData("a~")]
    [InlineData("a~5c")]
    [InlineData("a%20b")]
    [InlineData("a.")]
    [InlineData("~00")]
    [InlineData("~C3")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("")]
    public void A_name_that_was_not_made_here_is_no_path(string name) => Assert.Null(EncodedNames.Instance.ToPath(name));

    [Fact]
    public void What_the_adapter_keeps_for_itself_is_no_path()
    {
        var name = EncodedNames.Hidden("uploads/", "0a");

        Assert.Null(EncodedNames.Instance.ToPath(name));
        Assert.Equal("0a", EncodedNames.HiddenId("uploads/", name));
        Assert.Null(EncodedNames.HiddenId("uploads/", "uploads/0a"));
    }

    [Property(MaxTest = 500)]
    public void Every_path_comes_back_and_no_two_are_one(string first, string other)
    {
        var (a, b) = (NameOf(first), NameOf(other));
        if (a is not null)
        {
            Assert.Equal(first, EncodedNames.Instance.ToPath(a));
            Assert.True(first == other || a != b);
            Assert.DoesNotContain(a.Split('/'), segment => segment is "" or "." or ".." || segment.EndsWith('.') || segment.EndsWith(' '));
            Assert.DoesNotContain(a, c => c is '%' or '\\' or '?' or '#' || char.IsControl(c));
            for (var length = 0; length <= first.Length; length++)
            {
                Assert.StartsWith(EncodedNames.Instance.ToNamePrefix(first[..length]), a, StringComparison.Ordinal);
            }
        }

        static string? NameOf(string? path)
        {
            try
            {
                return path is null ? null : EncodedNames.Instance.ToName(path);
            }
            catch (ProblemException)
            {
                return null;
            }
        }
    }

    [Property(MaxTest = 300)]
    public void Whatever_a_name_is_it_is_read_as_itself_or_not_at_all(string name)
    {
        if (name is not null && EncodedNames.Instance.ToPath(name) is { } path)
        {
            Assert.Equal(name, EncodedNames.Instance.ToName(path));
        }
    }
}
