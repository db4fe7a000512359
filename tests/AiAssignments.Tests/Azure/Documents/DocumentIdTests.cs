using AiAssignments.Azure.Documents;
using FsCheck;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Azure.Documents;

public sealed class DocumentIdTests
{
    [Theory]
    [InlineData("topic@1.0.0", "topic@1.0.0")]
    [InlineData("a/b\\c?d#e", "a~2Fb~5Cc~3Fd~23e")]
    [InlineData("~2F", "~7E2F")]
    [InlineData("x  ", "x~20~20")]
    [InlineData("topic@1.0.0+cuda", "topic@1.0.0~2Bcuda")]
    [InlineData("<a>|$\"'`^&=,;*!()[]{}", "~3Ca~3E~7C~24~22~27~60~5E~26~3D~2C~3B~2A~21~28~29~5B~5D~7B~7D")]
    [InlineData("a-_.@:Z9", "a-_.@:Z9")]
    [InlineData(".", "~2E")]
    [InlineData("100%", "100~25")]
    [InlineData("..", "~2E~2E")]
    [InlineData("ä", "ä")]
    public void Only_what_the_service_does_not_take_is_written_otherwise(string id, string stored)
    {
        Assert.Equal(stored, DocumentId.Encode(id));
        Assert.Equal(id, DocumentId.Decode(stored));
    }

    [Property]
    public bool Every_id_comes_back_and_none_has_what_is_forbidden(NonEmptyString id)
    {
        var text = id.Get.Replace("\0", string.Empty, StringComparison.Ordinal) + "/x";
        if (text.Any(char.IsSurrogate) || text.Length > 300)
        {
            return true;
        }

        var stored = DocumentId.Encode(text);
        return DocumentId.Decode(stored) == text && !stored.Any("/\\?#%+<>|$ ".Contains);
    }
}
