using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Recognized;

namespace SourceNet.Modeling.Conversion;

/// <summary>Writes the declared class: the blocks, and of the hand-written class what they do not take the place of.</summary>
/// <param name="source">The hand-written class.</param>
internal sealed class ClassWriter(HandWrittenClass source)
{
    private readonly List<string> _notes = [];

    /// <summary>What a person should know of the class that was written last.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What keeps the class from being written, in words.</summary>
    public string? Obstacle { get; private set; }

    /// <param name="blocks">The blocks.</param>
    /// <param name="input">The attribute that says the shape of a sample.</param>
    /// <param name="parts">The fields, with the blocks that take their places.</param>
    /// <param name="keepsForward">Whether the forward stays; otherwise it only chained what is in the blocks.</param>
    /// <returns>The class; null if there is an obstacle.</returns>
    public string? Write(string blocks, string? input, IReadOnlyList<ConvertedPart> parts, bool keepsForward)
    {
        _notes.Clear();
        Obstacle = null;
        var byHand = parts.Where(part => part.Block is null && (keepsForward || !TorchTypes.Carries(part.Member.Type))).ToList();
        var members = source.Declaration.Members
            .Where(member => member is not (FieldDeclarationSyntax or ConstructorDeclarationSyntax) || IsShared(member))
            .Where(member => keepsForward || member is not MethodDeclarationSyntax { Identifier.ValueText: "forward" })
            .ToList();
        DropWhatOnlyMadeParts(byHand, members);
        if (byHand.FirstOrDefault(part => part.Made is not null && HandWrittenClass.Names(part.Made).Any(source.PreparedNames.Contains)) is { } prepared)
        {
            Obstacle = $"'{prepared.Member.Name}' has to stay a part written by hand, and the constructor makes it in several statements: "
                + "make it in one, such as a static method of its own";
            return null;
        }

        var body = new StringBuilder();
        foreach (var part in byHand)
        {
            body.Append(Field(part)).Append("\n\n");
        }

        body.Append(blocks);
        var rewriter = new CallRewriter(source, parts);
        foreach (var member in members)
        {
            body.Append(rewriter.Visit(member)!.ToFullString().Trim('\r', '\n')).Append("\n\n");
        }

        return Constructors(body.ToString(), rewriter) is not var (parameters, constructor) ? null
            : $"[Model{(input is null ? "" : ", " + input)}]\n{Modifiers()} class {source.Type.Name}{parameters} : SourceNet.Model\n{{\n"
                + $"{constructor}{body.ToString().TrimEnd()}\n}}";
    }

    private static bool IsShared(MemberDeclarationSyntax member) =>
        member.Modifiers.Any(SyntaxKind.ConstKeyword) || member.Modifiers.Any(SyntaxKind.StaticKeyword);

    private string Modifiers() => string.Join(
        " ",
        source.Declaration.Modifiers.Where(modifier => !modifier.IsKind(SyntaxKind.PartialKeyword)).Select(modifier => modifier.ValueText).Append("partial"));

    /// <summary>Fields and methods that the constructor alone needed, to make what blocks say now, go too.</summary>
    private void DropWhatOnlyMadeParts(List<ConvertedPart> byHand, List<MemberDeclarationSyntax> members)
    {
        var made = new HashSet<string>(source.Preparations.SelectMany(HandWrittenClass.Names));
        for (var isChanged = true; isChanged;)
        {
            isChanged = false;
            var used = new HashSet<string>(source.Rest
                .Concat(members)
                .Concat(byHand.Where(part => part.Made is not null).Select(part => part.Made!))
                .SelectMany(HandWrittenClass.Names));
            foreach (var method in members.OfType<MethodDeclarationSyntax>().Where(IsPrivate).ToList())
            {
                var ownUses = HandWrittenClass.Names(method).Where(name => name == method.Identifier.ValueText).Any();
                if (made.Contains(method.Identifier.ValueText) && (ownUses || !used.Contains(method.Identifier.ValueText)))
                {
                    members.Remove(method);
                    made.UnionWith(HandWrittenClass.Names(method));
                    isChanged = true;
                }
            }

            isChanged |= byHand.RemoveAll(part => !TorchTypes.Carries(part.Member.Type)
                && made.Contains(part.Member.Name)
                && !used.Contains(part.Member.Name)) > 0;
        }
    }

    private static bool IsPrivate(MethodDeclarationSyntax method) => method.Modifiers.Any(SyntaxKind.PrivateKeyword)
        || !method.Modifiers.Any(modifier => modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.InternalKeyword);

    private static string Field(ConvertedPart part)
    {
        var declarator = (VariableDeclaratorSyntax)part.Member.DeclaringSyntaxReferences[0].GetSyntax();
        var declaration = (VariableDeclarationSyntax)declarator.Parent!;
        var field = (FieldDeclarationSyntax)declaration.Parent!;
        var isPart = TorchTypes.Carries(part.Member.Type);
        var name = isPart && Symbols.SnakeCase(part.Member.Name) != part.StateName ? $"    [Name(\"{part.StateName}\")]\n" : "";
        var modifiers = field.Modifiers.Count == 0 ? "private" : string.Join(" ", field.Modifiers.Select(modifier => modifier.ValueText));
        var value = part.Made is null ? "" : $" = {part.Made}";
        return $"{Comments(field)}{name}    {modifiers} {declaration.Type} {declarator.Identifier}{value};";
    }

    /// <summary>The comments above a member, each on a line of its own.</summary>
    private static string Comments(MemberDeclarationSyntax member) => string.Concat(member
        .GetLeadingTrivia()
        .Where(trivia => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
            or SyntaxKind.SingleLineDocumentationCommentTrivia)
        .Select(trivia => $"    {trivia.ToFullString().TrimEnd()}\n"));

    /// <summary>
    /// The parameters of the primary constructor, which are those that the layers need, and the constructor that callers know, where it has others or does
    /// more than make the layers.
    /// </summary>
    private (string Parameters, string Constructor)? Constructors(string body, CallRewriter rewriter)
    {
        var all = source.Parameters.ToList();
        var used = new HashSet<string>(Used(body));
        var needed = all.Where(parameter => used.Contains(parameter.Identifier.ValueText)).ToList();
        var parameters = needed.Count == 0 ? "" : $"({string.Join(", ", needed.Select(parameter => parameter.ToString()))})";
        if (needed.Count == all.Count && all.Count > 0)
        {
            return LeaveOutRest() ? (parameters, "") : null;
        }

        if (needed.Count == all.Count && source.Rest.Count == 0)
        {
            return (parameters, "");
        }

        var head = source.Constructor is { } written
            ? $"{Comments(written)}    {written.Modifiers} {written.Identifier}{written.ParameterList}"
            : $"    public {source.Type.Name}{source.Declaration.ParameterList}";
        var chained = needed.Count == 0 ? "" : $" : this({string.Join(", ", needed.Select(parameter => parameter.Identifier.Text))})";
        if (needed.Count == 0 && source.Constructor is null)
        {
            chained = "";
        }

        var statements = string.Concat(source.Rest.Select(statement => Statement(rewriter.Visit(statement)!.ToString(), statement)));
        return (parameters, $"{head}{chained}\n    {{\n{statements}    }}\n\n");
    }

    private static string Statement(string text, SyntaxNode statement) =>
        $"        {text}{(statement is ExpressionSyntax ? ";" : "")}\n";

    /// <summary>
    /// With the parameters of the primary constructor no other constructor can do the rest. Moving to a device is left to those who make the model; anything
    /// else is an obstacle.
    /// </summary>
    private bool LeaveOutRest()
    {
        foreach (var statement in source.Rest)
        {
            if (!MovesToDevice(statement))
            {
                Obstacle = $"the constructor of '{source.Type.Name}' does more than make its parts: {HandWrittenClass.FirstLine(statement)}";
                return false;
            }

            _notes.Add($"left out, for those who make the model to do: {HandWrittenClass.FirstLine(statement)}");
        }

        return true;
    }

    private static bool MovesToDevice(SyntaxNode statement) => statement switch
    {
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "to" or "cuda" or "cpu" } } => true,
        InvocationExpressionSyntax
        {
            Expression: MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: "to" or "cuda" or "cpu" }
        } => true,
        AssignmentExpressionSyntax { Right: var right } => MovesToDevice(right),
        ExpressionStatementSyntax expression => MovesToDevice(expression.Expression),
        BlockSyntax block => block.Statements.All(MovesToDevice),
        IfStatementSyntax { Else: null } branch => MovesToDevice(branch.Statement),
        _ => false,
    };

    /// <summary>The names that the class's code uses, those in the expressions of attributes among them.</summary>
    private static IEnumerable<string> Used(string body)
    {
        var root = SyntaxFactory.ParseCompilationUnit($"class C\n{{\n{body}}}");
        var said = root
            .DescendantNodes()
            .OfType<AttributeArgumentSyntax>()
            .Where(argument => argument.NameEquals is not { Name.Identifier.ValueText: "Name" } && argument.Parent?.Parent is AttributeSyntax
            {
                Name: not IdentifierNameSyntax { Identifier.ValueText: "Name" }
            })
            .SelectMany(argument => argument.DescendantNodes().OfType<LiteralExpressionSyntax>())
            .Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression))
            .SelectMany(literal => Regex.Matches(literal.Token.ValueText, @"\w+").Cast<Match>().Select(match => match.Value));
        return HandWrittenClass.Names(root).Concat(said);
    }
}
