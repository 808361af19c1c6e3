import { SignInForm } from "./sign-in-form";

export default async function SignIn({ searchParams }: PageProps<"/sign-in">) {
  const { next } = await searchParams;
  return (
    <div className="mx-auto max-w-sm py-10">
      <h1 className="text-3xl font-semibold tracking-tight">Sign in</h1>
      <SignInForm next={typeof next === "string" ? next : "/account"} />
    </div>
  );
}
