using SourceNet.Analyzers.Mode;
using SourceNet.CodeFixes.Mode;

namespace SourceNet.Analyzers.Tests.Mode;

/// <summary>Functions that drop and do not know the mode: SN1006 and SN1007.</summary>
public class DropoutFunctionTests
{
    [Theory]
    [InlineData("{|SN1006:nn.functional.dropout(x)|}")]
    [InlineData("{|SN1006:nn.functional.dropout2d(x, 0.3)|}")]
    [InlineData("{|SN1006:nn.functional.dropout(x, inplace: true)|}")]
    [InlineData("{|SN1006:nn.functional.alpha_dropout(x, 0.3)|}")]
    public Task A_dropout_function_without_the_mode_is_found(string call) => Code<FunctionalDropout>.Reports(Module(call));

    [Theory]
    [InlineData("nn.functional.dropout(x, 0.3, training)")]
    [InlineData("nn.functional.dropout(x, training: training)")]
    [InlineData("nn.functional.dropout(x, training: true)")]
    [InlineData("nn.functional.dropout(x, 0)")]
    [InlineData("nn.functional.relu(x)")]
    public Task A_dropout_function_that_is_told_is_silent(string call) => Code<FunctionalDropout>.IsSilent(Module(call));

    [Fact]
    public Task Outside_of_a_module_there_is_no_mode_to_follow() =>
        Code<FunctionalDropout>.Reports(
            "static class Noise { static Tensor Add(Tensor x) => nn.functional.dropout({|SN1006:nn.functional.feature_alpha_dropout(x)|}); }");

    [Fact]
    public Task The_message_says_what_happens() => Code<FunctionalDropout>.Reports(
        Module("{|SN1006:nn.functional.dropout(x)|} + {|SN1006:nn.functional.alpha_dropout(x)|}"),
        "dropout without `training:` drops in eval mode too. Write `training: training`, which follows the module's mode.",
        "alpha_dropout without `training:` never drops anything. Write `training: training`, which follows the module's mode.");

    [Fact]
    public Task The_fix_follows_the_mode() => Code<FunctionalDropout>.Fixes<FunctionalDropoutFix>(
        Module("{|SN1006:nn.functional.dropout(x, 0.3)|}.add({|SN1006:nn.functional.dropout(x)|})"),
        Module("nn.functional.dropout(x, 0.3, training: training).add(nn.functional.dropout(x, training: training))"));

    [Fact]
    public Task In_a_static_member_nothing_is_offered() => Code<FunctionalDropout>.OffersNoFix<FunctionalDropoutFix>(
        """
        class Block() : nn.Module<Tensor, Tensor>("block")
        {
            private static Tensor Drop(Tensor x) => {|SN1006:nn.functional.alpha_dropout(x)|};
            public override Tensor forward(Tensor x) => Drop(x);
        }
        """);

    [Theory]
    [InlineData("p: {|SN1007:0.1|}")]
    [InlineData("null, {|SN1007:0.1|}")]
    [InlineData("p: {|SN1007:Rate|}")]
    public Task Attention_with_a_constant_rate_is_found(string argument) =>
        Code<AttentionDropout>.Reports(Module($"nn.functional.scaled_dot_product_attention(x, x, x, {argument})"));

    [Theory]
    [InlineData("p: training ? 0.1 : 0")]
    [InlineData("p: 0")]
    [InlineData("is_casual: true")]
    [InlineData("p: x.ndim")]
    public Task Attention_that_follows_the_mode_is_silent(string argument) =>
        Code<AttentionDropout>.IsSilent(Module($"nn.functional.scaled_dot_product_attention(x, x, x, {argument})"));

    [Fact]
    public Task The_fix_drops_in_train_mode_only() => Code<AttentionDropout>.Fixes<AttentionDropoutFix>(
        Module("nn.functional.scaled_dot_product_attention(x, x, x, p: {|SN1007:0.1|})"),
        Module("nn.functional.scaled_dot_product_attention(x, x, x, p: training ? 0.1 : 0)"));

    private static string Module(string call) =>
        $$"""
        class Block() : nn.Module<Tensor, Tensor>("block")
        {
            private const double Rate = 0.2;
            public static double Default => Rate;
            public override Tensor forward(Tensor x) => {{call}};
        }
        """;
}
